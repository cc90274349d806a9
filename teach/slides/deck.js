// Starts the slides, and makes each living figure as large as its slide allows.
const deck = new Reveal({
  width: 1280,
  height: 720,
  margin: 0,
  center: false,
  hash: true,
  slideNumber: "c/t",
  controls: false,
  transition: "none",
  // In a figure the arrow keys move the figure.
  keyboardCondition: () => !document.activeElement?.closest(".living-live"),
});
// Page Down, as a clicker sends it, always goes on.
addEventListener("keydown", (event) => {
  if (!/^Page(Up|Down)$/.test(event.key) || !document.activeElement?.closest(".living-live")) return;
  event.preventDefault();
  deck[event.key === "PageDown" ? "next" : "prev"]();
});

function fit(stage) {
  const figure = stage.firstElementChild;
  // Its controls stand beside it, outside the flow.
  const { scrollWidth: width, scrollHeight: height } = figure;
  if (!width || !height) return;
  const scale = Math.min(stage.clientWidth / width, stage.clientHeight / height);
  figure.style.transform = `scale(${scale})`;
}

const resized = new ResizeObserver((entries) => {
  for (const { target } of entries) fit(target.closest(".stage"));
});
deck.initialize().then(() => {
  for (const stage of document.querySelectorAll(".stage")) {
    resized.observe(stage);
    for (const part of stage.querySelectorAll(".fitted, .living-figure")) resized.observe(part);
  }
});
