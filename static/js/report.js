/* The report and its files: nothing typed is lost, and a long upload shows how far it is. */

const stateOf = (form) => form.querySelector(".gt-draft");

/* htmx could not save: say so where the draft's state stands, and leave what is typed alone. */
const complain = (event) => {
  const form = event.target.closest && event.target.closest("form");
  const state = form && stateOf(form);
  if (!state) return;
  const text = event.detail.xhr && event.detail.xhr.status === 403
    ? "没有保存：页面已过期。请复制新填的文字，再刷新本页；此前暂存的会自动恢复。"
    : "没有存到服务器，请检查网络后再点“暂存”或提交。本页填写的内容还在。";
  const line = document.createElement("p");
  line.className = "is-bad";
  line.setAttribute("role", "alert");
  line.textContent = text;
  state.replaceChildren(line);
};
document.body.addEventListener("htmx:responseError", complain);
document.body.addEventListener("htmx:sendError", complain);

/* An upload of several files over a slow line takes minutes. */
document.body.addEventListener("htmx:xhr:progress", (event) => {
  const form = event.target.closest && event.target.closest("form");
  const bar = form && form.querySelector("progress.gt-upload");
  const files = form && form.querySelector("input[type=file]");
  if (!bar || !files || !files.files.length || !event.detail.lengthComputable) return;
  bar.hidden = false;
  bar.value = Math.round(event.detail.loaded * 100 / event.detail.total);
});

/* What is typed in the last second before the page is left goes along. */
window.addEventListener("pagehide", () => {
  document.querySelectorAll("form[data-guard]").forEach((form) => {
    const state = form.querySelector("#draft-state[hx-post]");
    if (!state || !form.dataset.isTyped) return;
    const typed = new FormData(form);
    typed.delete("files");
    navigator.sendBeacon(state.getAttribute("hx-post"), typed);
  });
});
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-guard]");
  if (form && event.target.type !== "file") form.dataset.isTyped = "yes";
});
/* Sent or saved, nothing is left to go along. */
document.addEventListener("submit", (event) => { delete event.target.dataset.isTyped; });
document.body.addEventListener("htmx:afterSwap", (event) => {
  const form = event.target.id === "draft-state" && event.target.closest("form");
  if (form && !event.target.querySelector(".is-bad")) {
    delete form.dataset.isTyped;
    form.dispatchEvent(new CustomEvent("gt:saved", { bubbles: true }));
  }
});
