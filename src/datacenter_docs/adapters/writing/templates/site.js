"use strict";
// Says how fresh a page is while it is read, and finds resources by their names. Text only ever becomes text.

function spoken(seconds) {
  for (const [length, unit] of [[86400, "days"], [3600, "h"], [60, "min"]]) {
    if (seconds >= 2 * length) return `${Math.floor(seconds / length)} ${unit}`;
  }
  return `${Math.floor(seconds)} s`;
}

function tellFreshness() {
  const line = document.querySelector(".freshness");
  const known = line && window.FRESHNESS && (window.FRESHNESS[line.dataset.own] || window.FRESHNESS[line.dataset.key]);
  if (!known) return;
  const age = known.read_at ? Math.max(0, (Date.now() - Date.parse(known.read_at)) / 1000) : null;
  const late = known.state === "fresh" && age !== null && age > known.promised_seconds;
  const state = late ? "stale" : known.state;
  const read = age === null ? "Never read completely" : `Read ${known.read_at.slice(0, 16).replace("T", " ")} UTC, ${spoken(age)} ago`;
  line.classList.add(state);
  const strong = document.createElement("strong");
  strong.textContent = state.replace("_", " ");
  const rest = [`${read}; promised is at most ${spoken(known.promised_seconds)}.`, ...known.reasons];
  line.replaceChildren(strong, ` ${rest.join(" ")}`);
}

function load(root) {
  return new Promise((done) => {
    if (window.SEARCH) return done(window.SEARCH);
    const script = document.createElement("script");
    script.src = `${root}search.js`;
    script.onload = () => done(window.SEARCH);
    document.head.append(script);
  });
}

function matching(entries, wanted) {
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  const found = [];
  for (const entry of entries) {
    const [name, what, , id] = entry;
    const text = `${name} ${what} ${id}`.toLowerCase();
    if (!words.every((word) => text.includes(word))) continue;
    const begins = name.toLowerCase().startsWith(words[0]);
    found.push([begins ? 0 : 1, name.length, entry]);
    if (found.length > 2000) break;
  }
  found.sort((one, other) => one[0] - other[0] || one[1] - other[1]);
  return found.slice(0, 30).map((one) => one[2]);
}

function search(box) {
  const root = box.dataset.root;
  const input = box.querySelector("input");
  const list = box.querySelector("ul");
  input.addEventListener("input", async () => {
    const entries = await load(root);
    const wanted = input.value.trim();
    const rows = wanted ? matching(entries, wanted) : [];
    list.replaceChildren(...rows.map(([name, what, place, id]) => {
      const link = document.createElement("a");
      link.href = root + place;
      link.textContent = name;
      const small = document.createElement("small");
      small.textContent = `${what} · ${id}`;
      link.append(small);
      const item = document.createElement("li");
      item.append(link);
      return item;
    }));
    if (wanted && !rows.length) {
      const none = document.createElement("li");
      none.textContent = "Nothing has this name.";
      list.replaceChildren(none);
    }
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { input.value = ""; list.replaceChildren(); }
    const first = list.querySelector("a");
    if (event.key === "Enter" && first) first.click();
  });
}

tellFreshness();
document.querySelectorAll(".search").forEach(search);
