// On a page, this takes the part of anywidget in JupyterLab: a model over the stored state.
// The still figure gives way only once the living one is complete; if anything fails, it stays.
function pageModel(state) {
  const listeners = {};
  const model = {
    get: (key) => state[key],
    set(key, value) {
      if (state[key] === value) return;
      state[key] = value;
      for (const listener of listeners[`change:${key}`] ?? []) listener();
      if (key === "wanted" && value) bring(value, (data) => model.set("brought", data));
    },
    on: (event, listener) => (listeners[event] ??= new Set()).add(listener),
    off: (event, listener) => listeners[event]?.delete(listener),
    save_changes() {},
  };
  return model;
}

function enliven(place, { render }) {
  const el = document.createElement("div");
  place.append(el);
  try {
    const state = JSON.parse(place.querySelector("script").textContent);
    render({ model: pageModel(state), el });
    place.dataset.live = "";
  } catch (error) {
    el.remove();
    console.warn(`The figure ${place.dataset.figure} stays still: ${error.message}`);
  }
}

// A figure's script is fetched two screens before the figure is reached, so that readers fetch
// only what they come to. By a tag: a page opened from disk may load neither modules nor data.
const loader = document.currentScript.src;
const asked = new Set();
const near = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (isIntersecting) fetchScript(target.dataset.figure);
  }
}, { rootMargin: "200%" });

// Data that a figure wants, from a script of its own; empty where that cannot be fetched.
const brought = {};
const awaited = {};
function bring(name, take) {
  (awaited[name] ??= []).push(take);
  if (name in brought || !(name in scripts)) queueMicrotask(() => hand(name, brought[name]));
  else fetchScript(name);
}
function hand(name, data) {
  if (data) brought[name] = data;
  for (const take of awaited[name]?.splice(0) ?? []) take(data ?? {});
}

function fetchScript(name) {
  if (asked.has(name) || !(name in scripts)) return;
  asked.add(name);
  const script = document.createElement("script");
  script.src = new URL(scripts[name], loader);
  script.onload = () => script.remove();
  // A reader who comes back to the figure makes the page ask again.
  script.onerror = () => {
    script.remove();
    asked.delete(name);
    hand(name);
  };
  document.head.append(script);
}

for (const place of document.querySelectorAll(".living-figure")) near.observe(place);

// A figure wakes one screen before it is reached: a page has enough to do while it opens.
const modules = {};
const reached = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    reached.unobserve(target);
    enliven(target, modules[target.dataset.figure]);
  }
}, { rootMargin: "100%" });

globalThis.livingFigures = {
  drawing,
  bring: hand,
  define(name, module) {
    modules[name] = module;
    const places = document.querySelectorAll(`.living-figure[data-figure="${name}"]`);
    for (const place of places) if (!("live" in place.dataset)) reached.observe(place);
  },
  // A figure that comes later, as one that a reader's code has made.
  watch(place) {
    (place.dataset.figure in modules ? reached : near).observe(place);
  },
};
