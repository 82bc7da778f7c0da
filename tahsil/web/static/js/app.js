/* The script of every page: keys, row focus, dialogs, theme, toasts. Pages work without it.
   Nothing is named here: elements say what they do with data-key, data-list, data-opens,
   data-sheet, data-when, data-theme-set. No eval, no inline handlers. */
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (selector, root = document) => root.querySelector(selector);
  const typing = (at) => at.closest("input:not([type=checkbox], [type=button]), select, textarea, [contenteditable]");
  const shown = (element) => element.checkVisibility ? element.checkVisibility() : element.offsetParent !== null;

  /* Rows: j and k move, Enter opens. */
  const rows = () => all("[data-list] > li, [data-list] > tbody > tr, tbody[data-list] > tr").filter(shown);
  const step = (by) => {
    const list = rows();
    if (!list.length) return false;
    const now = list.findIndex((row) => row.contains(document.activeElement) || row.ariaSelected === "true");
    const next = list[Math.max(0, Math.min(list.length - 1, now < 0 ? 0 : now + by))];
    list.forEach((row) => row.removeAttribute("aria-selected"));
    next.setAttribute("aria-selected", "true");
    next.tabIndex = -1;
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
    return true;
  };
  const open = (row) => {
    const link = row && one("a[data-open], a[href]", row);
    if (link) link.click();
    return Boolean(link);
  };

  /* Keys: one letter, or g and a letter, presses the element that carries it. */
  let before = "";
  let forget = 0;
  const press = (key) => {
    const able = all(`[data-key="${CSS.escape(key)}"]`).filter((element) => !element.disabled);
    const found = able.find((element) => element.closest("main")) ?? able[0];
    if (!found) return false;
    found.closest("details:not([open])")?.setAttribute("open", "");
    if (found.matches("input, select, textarea")) found.focus(); else found.click();
    return true;
  };
  const fixed = (key) => {
    const row = document.activeElement.closest("[data-list] tr, [data-list] > li");
    if (key === "j" || key === "ArrowDown") return step(1);
    if (key === "k" || key === "ArrowUp") return step(-1);
    /* On a row Enter confirms what stands beside it, where the page offers that, or opens it. */
    if (key === "Enter") return Boolean(row) && row === document.activeElement && (press(key) || open(row));
    if (key === "?") return showKeys();
    return false;
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape") {
      all("details.menu[open]").forEach((menu) => { menu.open = false; one("summary", menu).focus(); });
      if (typing(event.target) && !event.target.closest("dialog")) event.target.blur();
      return;
    }
    if (typing(event.target) || one("dialog[open]") || event.target.closest("details.menu[open]")) return;
    /* An Arabic or Hindi keyboard sends other letters: the place of the key counts then. */
    const latin = /^[\x20-\x7e]$/.test(event.key) || event.key.length > 1;
    const letter = latin ? event.key : event.code.replace(/^Key/, "").toLowerCase();
    const chord = before ? `${before} ${letter}` : letter;
    before = "";
    clearTimeout(forget);
    if (fixed(chord) || (chord !== "Enter" && press(chord))) return event.preventDefault();
    if (all(`[data-key^="${CSS.escape(letter)} "]`).length) {
      before = letter;
      forget = setTimeout(() => { before = ""; }, 1200);
      event.preventDefault();
    }
  });
  const showKeys = () => {
    const dialog = one("#keys");
    if (!dialog) return false;
    const list = one("[data-keys-here]", dialog);
    list.replaceChildren(...all("[data-key]").filter((each) => !each.closest("dialog, .bottom")).map((each) => {
      const item = document.createElement("li");
      const does = document.createElement("span");
      does.className = "does";
      const name = one(".name", each) || each;
      does.textContent = each.dataset.keyName || each.ariaLabel || name.textContent.trim();
      item.append(does, ...each.dataset.key.split(" ").map((key) => {
        const cap = document.createElement("kbd");
        cap.textContent = key;
        return cap;
      }));
      return item;
    }));
    dialog.showModal();
    return true;
  };

  /* Dialogs: data-opens names one on the page; data-sheet fetches its link's page into the sheet. */
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) {
      event.preventDefault();
      const dialog = document.getElementById(opener.dataset.opens);
      dialog?.showModal();
      return enter(dialog);
    }
    if (event.target.closest("[data-opens-keys]")) return showKeys();
    const closer = event.target.closest("[data-close]");
    if (closer) { event.preventDefault(); return closer.closest("dialog, .toast")[closer.closest(".toast") ? "remove" : "close"](); }
    if (event.target.matches("dialog[open]")) event.target.close();
    const link = event.target.closest("a[data-sheet]");
    if (link && window.htmx && !(event.ctrlKey || event.metaKey || event.shiftKey)) {
      event.preventDefault();
      htmx.ajax("GET", link.href, { target: "#sheet-body", swap: "innerHTML" }).then(() => {
        const sheet = one("#sheet");
        if (one("#sheet-body").childElementCount && !sheet.open) sheet.showModal();
        when(sheet);
        enter(sheet);
      });
    }
    all("details.menu[open]").filter((menu) => !menu.contains(event.target)).forEach((menu) => { menu.open = false; });
  });
  const enter = (dialog) => dialog && (one("[autofocus]", dialog)
    || one(":is(input:not([type=hidden]), select, textarea):not(:disabled)", dialog))?.focus();
  document.addEventListener("close", (event) => {
    if (event.target.id === "sheet") one("#sheet-body").replaceChildren();
  }, true);

  /* Rows open with a click anywhere on them, unless something in them was meant. */
  document.addEventListener("click", (event) => {
    const row = event.target.closest("[data-list] tbody tr, tbody[data-list] tr");
    if (row && !event.target.closest("a, button, input, select, label, summary") && !String(getSelection())) open(row);
  });

  /* Fields that belong to one choice: data-when="disposition=promise|part" on their fieldset. */
  const when = (root) => all("[data-when]", root).forEach((block) => {
    const [name, values] = block.dataset.when.split("=");
    const form = block.closest("form");
    const chosen = form && new FormData(form).get(name);
    const on = values.split("|").includes(String(chosen));
    block.hidden = !on;
    block.disabled = !on;
  });
  document.addEventListener("change", (event) => {
    if (event.target.form) when(event.target.form);
    if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
  });

  /* Theme: kept in a cookie, so that the server draws the next page in it at once. */
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-set]")) return;
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    document.cookie = `theme=${root.dataset.theme};path=/;max-age=31536000;samesite=lax`;
  });

  /* Toasts: from messages on the page, or HX-Trigger: {"toast": {"text": "…", "tone": "late"}}. */
  const leave = (toast) => setTimeout(() => toast.remove(), 6000);
  const say = ({ text, tone = "" }) => {
    const toast = one("#toast").content.firstElementChild.cloneNode(true);
    if (tone) toast.classList.add(tone);
    one(".text", toast).textContent = text;
    one(".toasts").append(toast);
    if (tone !== "late") leave(toast);
  };
  document.addEventListener("toast", (event) => say(event.detail.text ? event.detail : { text: event.detail.value }));

  /* htmx: empty filters stay out of the address; faults are said, not swallowed. */
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb !== "get") return;
    const given = event.detail.parameters;
    Object.keys(given).forEach((name) => { if (given[name] === "") delete given[name]; });
  });
  const fault = () => { const text = one("#toast")?.dataset.fault; if (text) say({ text, tone: "late" }); };
  document.addEventListener("htmx:responseError", fault);
  document.addEventListener("htmx:sendError", fault);
  document.addEventListener("htmx:afterSwap", (event) => when(event.target));

  /* A table wider than its place is scrolled with the keys too. */
  const reach = () => all(".table-box").forEach((box) => {
    const scrolls = box.scrollWidth > box.clientWidth && getComputedStyle(box).overflowX === "auto";
    if (scrolls) box.tabIndex = 0; else box.removeAttribute("tabindex");
  });
  addEventListener("resize", reach);
  document.addEventListener("htmx:afterSettle", reach);

  when(document);
  reach();
  all(".toast:not(.late)").forEach(leave);
  one("[data-list][data-start]") && step(0);
})();
