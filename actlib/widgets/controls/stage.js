// Shows controls, which are widgets of ipywidgets, in the HTML of their output.
function render({ model, el }) {
  let view;
  const shown = (async () => {
    const manager = model.widget_manager;
    view = await manager.create_view(await manager.get_model(model.get("shown")));
    const widget = view.luminoWidget ?? view.pWidget;
    // What JupyterLab tells a widget that it attaches: a slider is drawn only then.
    widget.processMessage({ type: "before-attach" });
    el.append(widget.node);
    widget.processMessage({ type: "after-attach" });
  })();
  return () => shown.then(() => view.remove());
}
