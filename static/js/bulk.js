/* Ticking rows of a list: one box for all of the page, and how many are ticked. The list may be
   replaced by htmx at any time, so everything is looked up when it is needed. */

const boxes = () => Array.from(document.querySelectorAll("input[name=pick]"));

const show = () => {
  const all = document.getElementById("pick-all");
  if (!all) return;
  all.closest("label").hidden = false;
  const ticked = boxes().filter((box) => box.checked).length;
  all.checked = ticked > 0 && ticked === boxes().length;
  all.indeterminate = ticked > 0 && !all.checked;
  document.getElementById("picked-count").textContent = `${ticked}项`;
};

document.addEventListener("change", (event) => {
  if (event.target.id === "pick-all") {
    boxes().forEach((box) => { box.checked = event.target.checked; });
  }
  if (event.target.id === "pick-all" || event.target.name === "pick") {
    const picked = document.querySelector("#bulk-bar input[value=picked]");
    if (picked && event.target.checked) picked.checked = true;
    show();
  }
});
document.addEventListener("htmx:afterSettle", show);
window.addEventListener("pageshow", show);
