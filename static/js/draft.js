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

/* A click on quoted words shows them where they stand. */
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-words]");
  if (!link) return;
  event.preventDefault();
  const [start, end] = link.dataset.words.split(" ").map(Number);
  source.querySelectorAll(".hit").forEach((run) => run.classList.remove("hit"));
  const hits = Array.from(source.querySelectorAll("[data-at]")).filter((run) => {
    const [from, to] = run.dataset.at.split(" ").map(Number);
    return from >= start && to <= end;
  });
  hits.forEach((run) => run.classList.add("hit"));
  if (hits.length) hits[0].scrollIntoView({ block: "center" });
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
