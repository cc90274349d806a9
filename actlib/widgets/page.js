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

// A page with more figures of a kind than this wakes each when it comes near.
const FEW = 8;

globalThis.livingFigures = {
  drawing,
  define(name, module) {
    const places = [...document.querySelectorAll(`.living-figure[data-figure="${name}"]`)];
    if (places.length <= FEW) {
      for (const place of places) enliven(place, module);
      return;
    }
    const watch = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        watch.unobserve(target);
        enliven(target, module);
      }
    }, { rootMargin: "100%" });
    for (const place of places) watch.observe(place);
  },
};
