// The part that anywidget plays in JupyterLab, for a page: a model over the stored state.
// The still figure makes way only once the living one stands; whatever fails leaves it there.
function pageModel(state) {
  const listeners = {};
  return {
    get: (key) => state[key],
    set(key, value) {
      if (state[key] === value) return;
      state[key] = value;
      for (const listener of listeners[`change:${key}`] ?? []) listener();
    },
    on: (event, listener) => (listeners[event] ??= new Set()).add(listener),
    off: (event, listener) => listeners[event]?.delete(listener),
    save_changes() {},
  };
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

// A figure's script is fetched two screens before the figure is reached, so that a page costs
// what is read of it. By a tag: a page opened from disk may load neither modules nor data.
const loader = document.currentScript.src;
const asked = new Set();
const near = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (isIntersecting) fetchScript(target.dataset.figure);
  }
}, { rootMargin: "200%" });

function fetchScript(name) {
  if (asked.has(name) || !(name in scripts)) return;
  asked.add(name);
  const script = document.createElement("script");
  script.src = new URL(scripts[name], loader);
  script.onload = () => script.remove();
  // Who comes back to the figure asks again.
  script.onerror = () => {
    script.remove();
    asked.delete(name);
  };
  document.head.append(script);
}

for (const place of document.querySelectorAll(".living-figure")) near.observe(place);

// A figure wakes a screen's height before it is reached: a page that is opened has enough to do.
globalThis.livingFigures = {
  drawing,
  define(name, module) {
    const watch = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        watch.unobserve(target);
        enliven(target, module);
      }
    }, { rootMargin: "100%" });
    const places = document.querySelectorAll(`.living-figure[data-figure="${name}"]`);
    for (const place of places) watch.observe(place);
  },
};
