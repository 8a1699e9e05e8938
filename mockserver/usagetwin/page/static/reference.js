// The API reference: Swagger UI on the effective contract, with names for what it leaves without one.

const place = document.getElementById("reference");
const dark = matchMedia("(prefers-color-scheme: dark)");

/** Name each select after the parameter that it stands beside, let headings go on from the page's, and codes be scrolled by keys. */
function complete() {
  for (const select of place.querySelectorAll("select:not([aria-label])")) {
    const row = select.closest("[data-param-name]");
    select.setAttribute("aria-label", row ? row.dataset.paramName : "Server");
  }
  for (const title of place.querySelectorAll("h1.title")) title.setAttribute("aria-level", "2");
  for (const code of place.querySelectorAll("pre:not([tabindex])")) code.setAttribute("tabindex", "0");
}

function colour() {
  document.documentElement.classList.toggle("dark-mode", dark.matches);
}

colour();
dark.addEventListener("change", colour);
new MutationObserver(complete).observe(place, { childList: true, subtree: true });
window.SwaggerUIBundle({
  url: place.dataset.described,
  domNode: place,
  deepLinking: false,
  validatorUrl: null,
  docExpansion: "full",
  onComplete: () => place.setAttribute("data-drawn", "true"),
});
