// What the server has written into the document for scripts, and what it is asked for later.

/** Give the data that the document has under a name. */
export function dataOf(name) {
  return JSON.parse(document.getElementById(name).textContent);
}

/** Fetch JSON of the page's own; what is refused is an Error with the server's words. */
export async function fetched(url) {
  const answer = await fetch(url, { headers: { accept: "application/json" } });
  const document_ = await answer.json();
  if (!answer.ok) {
    throw new Error(document_.message ?? `${answer.status}`);
  }
  return document_;
}

/** Let the browser do what else there is, such as what somebody has typed, before the next long thing. */
export function later() {
  return window.scheduler?.yield?.() ?? new Promise((resume) => setTimeout(resume));
}

/** Call back once for each element, when it comes near to what is seen. */
export function whenSeen(elements, act) {
  const seeing = new IntersectionObserver(
    (entries) => {
      const seen = entries.filter((entry) => entry.isIntersecting).map((entry) => entry.target);
      seen.forEach((element) => seeing.unobserve(element));
      if (seen.length) act(seen);
    },
    { rootMargin: "300px" },
  );
  elements.forEach((element) => seeing.observe(element));
}
