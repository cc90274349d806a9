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
