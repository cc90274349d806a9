// In JupyterLab a figure lives in its output's HTML, over the still picture, and not in a widget
// view: reopened without a kernel, a view shows an error, the HTML shows the picture.
function liveInPlace(model, render) {
  const stops = new Map();
  const places = `[data-model="${model.get("_place")}"]`;

  function look() {
    asked = 0;
    for (const [place, stop] of stops) {
      if (place.isConnected) continue;
      stops.delete(place);
      stop();
    }
    for (const place of document.querySelectorAll(places)) {
      if (stops.has(place)) continue;
      // Its styles for text, tables and buttons are not for a figure.
      place.closest(".jp-RenderedHTMLCommon")?.classList.remove("jp-RenderedHTMLCommon");
      const el = document.createElement("div");
      place.append(el);
      const stop = render({ model, el });
      place.dataset.live = "";
      stops.set(place, () => {
        stop?.();
        el.remove();
        delete place.dataset.live;
      });
    }
  }

  let asked = 0;
  const watch = new MutationObserver(() => (asked ||= requestAnimationFrame(look)));
  watch.observe(document.body, { childList: true, subtree: true });
  look();
  return () => {
    watch.disconnect();
    cancelAnimationFrame(asked);
    for (const stop of stops.values()) stop();
  };
}
