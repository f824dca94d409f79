// SPDX-License-Identifier: Apache-2.0
// Which pages have all the words that were asked for: those first that have them most often.
const asked = new URLSearchParams(location.search).get("q") || "";
const words = asked.toLowerCase().split(/\s+/).filter(word => word);
document.querySelector("input[name=q]").value = asked;
const count = (text, word) => text.toLowerCase().split(word).length - 1;
const found = pages
  .map(([place, title, text]) => {
    const counts = words.map(word => count(text, word) + 20 * count(title, word));
    return {place, title, text, rank: Math.min(...counts)};
  })
  .filter(page => words.length && page.rank > 0)
  .sort((a, b) => b.rank - a.rank);
document.getElementById("answer").textContent =
  words.length ? `${found.length} pages with ${words.join(" and ")}` : "Type words above.";
for (const page of found) {
  const item = document.createElement("li"), link = document.createElement("a"), part = document.createElement("p");
  link.href = page.place;
  link.textContent = page.title;
  const at = page.text.toLowerCase().indexOf(words[0]);
  part.textContent = "… " + page.text.slice(Math.max(0, at - 80), at + 160) + " …";
  item.append(link, part);
  document.getElementById("found").append(item);
}
