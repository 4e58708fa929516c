/* The search box of Django's admin calls itself by what is chosen; here also by its label. */
window.addEventListener("load", () => {
  document.querySelectorAll("select.admin-autocomplete").forEach((select) => {
    const label = document.querySelector(`label[for="${select.id}"]`);
    const shown = document.getElementById(`select2-${select.id}-container`);
    const box = shown && shown.closest("[role=combobox]");
    if (!label || !box) return;
    label.id = `${select.id}_label`;
    // A text box in a box that can be typed into is one too many.
    shown.removeAttribute("role");
    shown.removeAttribute("aria-readonly");
    box.setAttribute("aria-labelledby", `${label.id} ${shown.id}`);
  });
});
