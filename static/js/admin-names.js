/* The search box of Django's admin calls itself by what is chosen; here also by its label. It is made
   at some time after the page has come, so this waits for it. */
const callByLabel = (select) => {
  const label = document.querySelector(`label[for="${select.id}"]`);
  const shown = document.getElementById(`select2-${select.id}-container`);
  const box = shown && shown.closest("[role=combobox]");
  if (!label || !box || label.id) return;
  label.id = `${select.id}_label`;
  // A text box in a box that can be typed into is one too many.
  shown.removeAttribute("role");
  shown.removeAttribute("aria-readonly");
  box.setAttribute("aria-labelledby", `${label.id} ${shown.id}`);
};
new MutationObserver(() => {
  document.querySelectorAll("select.admin-autocomplete").forEach(callByLabel);
}).observe(document.documentElement, { childList: true, subtree: true });
