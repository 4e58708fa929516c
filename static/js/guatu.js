/* Small comforts on top of pages that work without any of this. */

const TOAST_MS = 6000;
const typing = (element) => element.closest("input, textarea, select, [contenteditable]");

/* "/" goes to the search box, as on most boards. */
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (typing(event.target)) return;
  const search = document.getElementById("q");
  if (!search || !search.offsetParent) return;
  event.preventDefault();
  search.focus();
});

/* "g" and then "h" goes home; "?" shows the keys over the page. */
const CHORD_MS = 1500;
let last = { key: "", at: 0 };

const showKeys = async (link) => {
  let dialog = document.querySelector("dialog.gt-keys");
  if (!dialog) {
    const reply = await fetch(link.href, { headers: { "HX-Request": "true" } });
    if (!reply.ok || reply.redirected) {
      window.location.assign(link.href);
      return;
    }
    dialog = document.createElement("dialog");
    dialog.className = "gt-keys";
    dialog.setAttribute("aria-labelledby", "keys-title");
    dialog.innerHTML = await reply.text();
    document.body.append(dialog);
  }
  if (!dialog.open) dialog.showModal();
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const isChord = last.key === "g" && event.timeStamp - last.at < CHORD_MS;
  last = { key: event.key, at: event.timeStamp };
  const home = isChord && event.key === "h" && document.querySelector("a.gt-brand");
  const keys = event.key === "?" && document.querySelector("[data-keys]");
  if (home) window.location.assign(home.href);
  if (keys) showKeys(keys);
});

/* Good news floats for a while; it waits while someone points at it or has focus in it. */
document.querySelectorAll(".gt-toasts").forEach((toasts) => {
  toasts.classList.add("is-floating");
  const leave = () => {
    if (toasts.matches(":hover, :focus-within")) setTimeout(leave, TOAST_MS);
    else toasts.remove();
  };
  setTimeout(leave, TOAST_MS);
});

/* A button marked data-copy puts its words on the clipboard. The newer way to do so is only open to
   pages by TLS; this one works on every intranet. */
const copied = (words) => {
  const field = document.createElement("textarea");
  field.value = words;
  field.className = "visually-hidden";
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
};
document.querySelectorAll("[data-copy]").forEach((button) => { button.hidden = false; });
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const done = copied(button.dataset.copy);
  button.focus();
  const toast = document.createElement("div");
  toast.className = "gt-messages gt-toasts is-floating";
  toast.innerHTML = "<p class=gt-toast><span></span></p>";
  toast.querySelector("span").textContent = done ? `已复制${button.dataset.copy}` : "没有复制成，请选中后复制";
  document.querySelector("[aria-live=polite]").append(toast);
  setTimeout(() => toast.remove(), TOAST_MS);
});

/* A form marked data-guard asks before typed text is lost. */
const changed = new Set();
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-guard]");
  if (form) changed.add(form);
});
document.addEventListener("submit", (event) => changed.delete(event.target));
document.addEventListener("gt:saved", (event) => changed.delete(event.target));
window.addEventListener("beforeunload", (event) => {
  if (![...changed].some((form) => form.isConnected)) return;
  event.preventDefault();
  event.returnValue = ""; // Chromium before 119 asks only when this is set.
});

/* A form marked data-busy may take a while: it says so in these words, and goes only once. */
document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-busy]");
  if (!form || !event.submitter || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  form.querySelector("[role=status]").textContent = form.dataset.busy;
  // Not at once: a button that is off is not sent along.
  setTimeout(() => form.querySelectorAll("button").forEach((button) => { button.disabled = true; }));
});
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  document.querySelectorAll("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    form.querySelector("[role=status]").textContent = "";
    form.querySelectorAll("button").forEach((button) => { button.disabled = false; });
  });
});

/* A row with data-href opens its ticket; the link inside it stays the way for keyboards. */
document.addEventListener("click", (event) => {
  const row = event.target.closest("tr[data-href]");
  if (!row || event.target.closest("a, button, input, select, label, summary")) return;
  if (!window.getSelection().isCollapsed) return;
  window.location.assign(row.dataset.href);
});

/* A browser leaves alone what is in sight by half: in a line that scrolls, show the whole of it. */
document.addEventListener("focusin", (event) => {
  if (!event.target.closest(".gt-lfilter")) return;
  event.target.scrollIntoView({ block: "nearest", inline: "nearest" });
});

/* A menu closes when attention goes elsewhere. */
const MENUS = "details.gt-user[open], details[data-menu][open]";
document.addEventListener("click", (event) => {
  document.querySelectorAll(MENUS).forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest(MENUS);
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

/* htmx: say that a part is being fetched, and send Django its token. */
const busy = (value) => (event) => event.detail.target.setAttribute("aria-busy", value);
document.body.addEventListener("htmx:beforeRequest", busy("true"));
document.body.addEventListener("htmx:afterRequest", busy("false"));
document.body.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("[name=csrfmiddlewaretoken]");
  if (token) event.detail.headers["X-CSRFToken"] = token.value;
});

/* Tell the board that this page goes to paper: the audit trail keeps who printed what. */
window.addEventListener("beforeprint", () => {
  const token = document.querySelector("[name=csrfmiddlewaretoken]");
  if (!token) return;
  const body = new FormData();
  body.append("csrfmiddlewaretoken", token.value);
  body.append("path", window.location.pathname + window.location.search);
  fetch("/account/printed/", { method: "POST", body, keepalive: true });
});
