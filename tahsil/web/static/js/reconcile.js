/* The workspace: what belongs to the item under the pointer or the focus is lit, and wires show
   how. Arrow keys move between items: up and down in a column, sideways to the nearest. */
(() => {
  "use strict";
  const box = document.querySelector("[data-sides]");
  if (!box) return;
  const svg = box.querySelector(".wires");
  const items = [...box.querySelectorAll("[data-item]")];
  const byKey = new Map(items.map((item) => [item.dataset.item, item]));
  const linked = (from) => (from.dataset.links || "").split(" ").filter((key) => byKey.has(key)).map((key) => byKey.get(key));
  const make = (name, values) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    Object.entries(values).forEach(([key, value]) => made.setAttribute(key, value));
    return made;
  };
  const wire = (from, to) => {
    const [a, b, all] = [from, to, box].map((each) => each.getBoundingClientRect());
    const ahead = a.left + a.width / 2 < b.left + b.width / 2;
    const [x1, x2] = [(ahead ? a.right : a.left) - all.left, (ahead ? b.left : b.right) - all.left];
    const [y1, y2] = [a.top + 14 - all.top, b.top + 14 - all.top];
    const bend = (x2 - x1) / 2;
    svg.append(make("path", { d: `M${x1},${y1} C${x1 + bend},${y1} ${x2 - bend},${y2} ${x2},${y2}` }));
    svg.append(make("circle", { cx: x2, cy: y2, r: 2.5 }));
  };
  const out = () => {
    box.classList.remove("lit");
    items.forEach((item) => item.classList.remove("on", "here"));
    svg.replaceChildren();
  };
  const light = (from) => {
    out();
    const near = linked(from);
    const own = from.dataset.item;
    if (!near.length && !own) return;
    box.classList.add("lit");
    const on = new Set(own ? [from, ...near] : near);
    /* One step further: the cheque and the bank line of a receipt, not its other lines. */
    near.flatMap(linked).filter((each) => "bc".includes(each.dataset.item[0])).forEach((each) => on.add(each));
    on.forEach((item) => item.classList.add("on"));
    if (own) from.classList.add("here");
    on.forEach((item) => linked(item).filter((each) => on.has(each) && item.dataset.item < each.dataset.item).forEach((each) => wire(item, each)));
  };
  let kept = null;
  const carrier = (target) => target.closest?.("[data-item], .differs [data-links]");
  document.addEventListener("pointerover", (event) => {
    const from = carrier(event.target);
    if (from) light(from); else if (kept) light(kept); else out();
  });
  document.addEventListener("focusin", (event) => { kept = carrier(event.target); if (kept) light(kept); else out(); });
  addEventListener("resize", () => { if (kept) light(kept); });

  const middle = (item) => { const at = item.getBoundingClientRect(); return [at.left + at.width / 2, at.top + at.height / 2]; };
  document.addEventListener("keydown", (event) => {
    const from = event.target.closest?.("[data-item]");
    const way = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
    if (!from || !way || event.ctrlKey || event.metaKey || event.altKey) return;
    const [x, y] = middle(from);
    const cost = (item) => {
      const [dx, dy] = [middle(item)[0] - x, middle(item)[1] - y];
      const along = way[0] ? dx * way[0] : dy * way[1];
      const across = Math.abs(way[0] ? dy : dx);
      return along > 4 && (way[0] || across < 40) ? along + 3 * across : Infinity;
    };
    const next = items.filter((item) => item !== from).map((item) => [cost(item), item]).sort((a, b) => a[0] - b[0])[0];
    if (!next || next[0] === Infinity) return;
    event.preventDefault();
    event.stopPropagation();
    next[1].querySelector("a, [tabindex]")?.focus({ preventScroll: true });
    next[1].scrollIntoView({ block: "nearest" });
  }, true);
})();
