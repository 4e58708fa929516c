/* Comforts of the review page: the source follows the row, and one box picks all rows. */

const source = document.querySelector(".gt-doc");
let shown = "";

/* Show where in the source the row under work comes from. */
document.addEventListener("focusin", (event) => {
  const row = event.target.closest("tr[data-lines]");
  if (!row || row.dataset.lines === shown) return;
  shown = row.dataset.lines;
  const [first, last] = shown.split(" ").map(Number);
  source.querySelectorAll(".sel").forEach((line) => line.classList.remove("sel"));
  document.querySelectorAll("tr.sel").forEach((each) => each.classList.remove("sel"));
  row.classList.add("sel");
  source.querySelectorAll("p[data-l]").forEach((line) => {
    const number = Number(line.dataset.l);
    if (number >= first && number <= last) line.classList.add("sel");
  });
  const start = source.querySelector(".sel");
  if (start) source.scrollTop = start.offsetTop - source.offsetTop - 40;
});

const all = document.getElementById("pick-all");
if (all) {
  all.hidden = false;
  all.addEventListener("change", () => {
    document.querySelectorAll("input[name=pick]").forEach((box) => { box.checked = all.checked; });
  });
}

/* One open menu is enough. */
document.addEventListener("click", (event) => {
  document.querySelectorAll("details.gt-rowmenu[open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
});

/* A field may still be on its way when a button is pressed: its answer, which may be to load the
   page anew, must not call back the form that was sent after it. */
let isSent = false;
document.getElementById("review").addEventListener("submit", () => { isSent = true; });
document.body.addEventListener("htmx:beforeOnLoad", (event) => {
  if (isSent) event.preventDefault();
});
