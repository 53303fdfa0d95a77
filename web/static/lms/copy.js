/** Buttons that copy the address beside them, where the browser lets pages copy. */
for (const button of navigator.clipboard ? document.querySelectorAll("[data-copy]") : []) {
  const said = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
    button.textContent = button.dataset.copied;
    setTimeout(() => { button.textContent = said; }, 2000);
  });
}
