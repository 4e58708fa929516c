/* On paper every text is whole: what is folded opens before printing and closes again after. */

const opened = [];

window.addEventListener("beforeprint", () => {
  document.querySelectorAll(".gt-more:not([open])").forEach((text) => {
    text.open = true;
    opened.push(text);
  });
});
window.addEventListener("afterprint", () => {
  opened.splice(0).forEach((text) => {
    text.open = false;
  });
});

document.querySelector("[data-print]")?.addEventListener("click", (event) => {
  event.preventDefault();
  window.print();
});
