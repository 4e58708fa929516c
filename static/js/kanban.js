/* The board: a card's menu opens in place, and a card can be dragged. Both end on the page of the
   move, which asks what it needs; without this script the menu is a page of its own. */

const board = document.querySelector("[data-kanban]");
const said = document.querySelector("[data-said]");

/* -- the menu of a card -- */

const close = (card, refocus) => {
  const menu = card && card.querySelector(".gt-kpop");
  if (!menu) return;
  const opener = card.querySelector("[data-moves]");
  menu.remove();
  opener.setAttribute("aria-expanded", "false");
  if (refocus) opener.focus();
};
const closeAll = (but) => {
  board.querySelectorAll(".gt-kpop").forEach((menu) => {
    const card = menu.closest("[data-card]");
    if (card !== but) close(card, false);
  });
};

const show = async (opener, address) => {
  const card = opener.closest("[data-card]");
  closeAll(card);
  if (card.querySelector(".gt-kpop")) {
    close(card, true);
    return;
  }
  const reply = await fetch(address, { headers: { "HX-Request": "true" } });
  if (!reply.ok || reply.redirected) {
    window.location.assign(address);
    return;
  }
  const menu = document.createElement("div");
  menu.className = "gt-kpop";
  menu.innerHTML = await reply.text();
  card.append(menu);
  opener.setAttribute("aria-expanded", "true");
  menu.querySelector("a").focus();
};

board.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-moves]");
  if (!opener || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  show(opener, opener.href);
});
document.addEventListener("click", (event) => {
  closeAll(event.target.closest && event.target.closest("[data-card]"));
});
document.addEventListener("keydown", (event) => {
  const card = event.target.closest && event.target.closest("[data-card]");
  if (!card) return;
  const menu = card.querySelector(".gt-kpop");
  if (event.key === "Escape" && menu) close(card, true);
  if (!menu || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
  event.preventDefault();
  const links = [...menu.querySelectorAll("a")];
  const step = event.key === "ArrowDown" ? 1 : -1;
  const at = links.indexOf(document.activeElement);
  links[(at + step + links.length) % links.length].focus();
});

/* -- dragging -- */

let dragged = null;
const targets = (card) => new Map(
  card.dataset.targets.split(" ").map((pair) => pair.split(":")),
);

board.addEventListener("dragstart", (event) => {
  const card = event.target.closest && event.target.closest("[data-targets]");
  if (!card) return;
  dragged = card;
  card.classList.add("is-dragged");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", card.dataset.card);
  const open = targets(card);
  board.querySelectorAll("[data-column]").forEach((column) => {
    column.classList.toggle("is-target", open.has(column.dataset.column));
  });
});
board.addEventListener("dragover", (event) => {
  const column = event.target.closest("[data-column]");
  if (!dragged || !column || !column.classList.contains("is-target")) return;
  event.preventDefault();
  column.classList.add("is-over");
});
board.addEventListener("dragleave", (event) => {
  const column = event.target.closest("[data-column]");
  if (column && !column.contains(event.relatedTarget)) column.classList.remove("is-over");
});
board.addEventListener("drop", (event) => {
  const column = event.target.closest("[data-column]");
  if (!dragged || !column || !column.classList.contains("is-target")) return;
  event.preventDefault();
  const move = targets(dragged).get(column.dataset.column);
  const moves = dragged.querySelector("[data-moves]");
  const label = column.querySelector("h2").textContent;
  said.textContent = `移到${label}：先填写所需内容`;
  window.location.assign(
    move
      ? moves.href.replace(/moves\/$/, `move/${move}/`)
      : `${moves.href}?to=${column.dataset.column}`,
  );
});
board.addEventListener("dragend", () => {
  if (dragged) dragged.classList.remove("is-dragged");
  dragged = null;
  board.querySelectorAll("[data-column]").forEach((column) => {
    column.classList.remove("is-target", "is-over");
  });
});
