// Keys and small comforts. Everything works without it; nothing here talks to anybody but this desk.
"use strict";
(() => {
  const all = (what, inside = document) => [...inside.querySelectorAll(what)];
  const one = (what, inside = document) => inside.querySelector(what);
  document.documentElement.classList.add("js");

  // --- the queue -----------------------------------------------------------
  const items = all(".rows .item");
  let at = items.findIndex((item) => item.classList.contains("on"));
  const move = (step) => {
    if (!items.length) return;
    items.forEach((item) => item.classList.remove("at"));
    at = Math.min(items.length - 1, Math.max(0, at + step));
    items[at].classList.add("at");
    items[at].focus();
    items[at].scrollIntoView({ block: "nearest" });
  };
  const current = one(".rows .item.on");
  if (current) current.scrollIntoView({ block: "center" });
  all("[data-submit]").forEach((field) => field.addEventListener("change", () => field.form.requestSubmit()));

  // --- deciding ------------------------------------------------------------
  const form = one("#decide");
  let chosen = null;
  const show = (button) => {
    chosen = button;
    const needs = (button.dataset.needs || "").split(" ");
    form.classList.add("choosing");
    all(".buttons button", form).forEach((each) => each.classList.toggle("on", each === button));
    all(".need", form).forEach((part) => {
      const shown = needs.some((need) => need && part.classList.contains("need-" + need)) ||
        part.classList.contains("for-" + button.value) || part.classList.contains("go");
      part.classList.toggle("show", shown);
    });
    one(".go", form).value = button.value;
    const first = needs.includes("points") ? one("[name=points]", form) : null;
    if (first) first.focus();
  };
  const choose = (button) => {
    if (!button || button.disabled) return;
    const reason = form && one("[name=reason]", form);
    if (button.dataset.needs && form && form.contains(button) && (chosen !== button || !reason.value.trim())) {
      show(button);
      return;
    }
    button.form.requestSubmit(button);
  };
  const leave = () => {
    chosen = null;
    if (!form) return;
    form.classList.remove("choosing");
    all(".buttons button", form).forEach((each) => each.classList.remove("on"));
  };
  if (form) {
    all(".buttons button[data-needs]", form).forEach((button) => button.addEventListener("click", (event) => {
      if (event.isTrusted && chosen !== button) { event.preventDefault(); show(button); }
    }));
    all("[data-reason]", form).forEach((button) => button.addEventListener("click", () => {
      one("[name=reason]", form).value = button.dataset.reason;
      const points = one("[name=points]", form);
      if (chosen && (chosen.value !== "adjust" || points.value.trim())) form.requestSubmit(one(".go", form));
      else if (points) points.focus();
    }));
    all("textarea, input[name=points]", form).forEach((field) => field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing && chosen) {
        event.preventDefault();
        form.requestSubmit(one(".go", form));
      }
    }));
    const typed = one("[name=reason]", form);
    if (typed && typed.value.trim()) show(one("button[value=dismiss]", form));
  }

  // A reason that was typed is not lost when the session ends or the page is left.
  all("form[data-draft]").forEach((draft) => {
    const text = one("textarea", draft);
    if (!text) return;
    const key = "draft-" + draft.dataset.draft;
    try {
      if (!text.value) text.value = sessionStorage.getItem(key) || "";
      text.addEventListener("input", () => sessionStorage.setItem(key, text.value));
      draft.addEventListener("submit", () => sessionStorage.removeItem(key));
    } catch { /* private windows keep nothing */ }
  });
  const every = one("[data-all]");
  if (every) every.addEventListener("change", () => all(`input[name=${every.dataset.all || "number"}]`).forEach((box) => { box.checked = every.checked; }));
  // One press, one decision.
  all("form[method=post]").forEach((each) => each.addEventListener("submit", (event) => {
    if (each.dataset.sent) event.preventDefault();
    each.dataset.sent = "1";
  }));
  window.addEventListener("pageshow", () => all("form[data-sent]").forEach((each) => delete each.dataset.sent));

  // --- evidence ------------------------------------------------------------
  const tabs = one("[data-tabs]");
  const links = tabs ? all(".tabbar a", tabs) : [];
  const open = (link) => {
    links.forEach((each) => each.setAttribute("aria-selected", each === link));
    all(".tab", tabs).forEach((tab) => tab.classList.toggle("shown", "#" + tab.id === link.getAttribute("href")));
    try { sessionStorage.setItem("tab", link.getAttribute("href")); } catch { /* fine */ }
    const mark = one(".tab.shown mark", tabs);
    if (mark) { const paper = mark.closest(".paper"); paper.scrollTop = Math.max(0, mark.offsetTop - paper.offsetTop - 80); }
  };
  if (links.length) {
    one(".tabbar", tabs).setAttribute("role", "tablist");
    links.forEach((link) => {
      link.setAttribute("role", "tab");
      link.addEventListener("click", (event) => { event.preventDefault(); open(link); });
    });
    all(".tab", tabs).forEach((tab) => tab.setAttribute("role", "tabpanel"));
    let wanted = location.hash;
    try { wanted = wanted || sessionStorage.getItem("tab"); } catch { /* fine */ }
    open(links.find((link) => link.getAttribute("href") === wanted) || links[0]);
  }
  all(".framed").forEach((box) => box.addEventListener("toggle", () => {
    const frame = one("iframe", box);
    if (box.open && !frame.src) frame.src = frame.dataset.src;
  }));

  // --- tables --------------------------------------------------------------
  all("table.sortable").forEach((table) => all("thead th", table).forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    head.dataset.way = "";
    button.addEventListener("click", () => {
      const way = head.dataset.way === "up" ? "down" : "up";
      all("thead th", table).forEach((each) => { each.dataset.way = ""; each.removeAttribute("aria-sort"); });
      head.dataset.way = way;
      head.setAttribute("aria-sort", way === "up" ? "ascending" : "descending");
      const text = (row) => row.cells[column] ? row.cells[column].textContent.trim() : "";
      const body = table.tBodies[0];
      [...body.rows].sort((a, b) => {
        const x = text(a), y = text(b), m = parseFloat(x), n = parseFloat(y);
        const order = Number.isNaN(m) || Number.isNaN(n) ? x.localeCompare(y, "zh-CN") : m - n;
        return way === "up" ? order : -order;
      }).forEach((row) => body.append(row));
    });
  }));

  // --- a night that runs ---------------------------------------------------
  const live = one("[data-refresh]");
  if (live) setInterval(async () => {
    const answer = await fetch(live.dataset.refresh, { credentials: "same-origin", redirect: "error" }).catch(() => null);
    if (!answer || !answer.ok) return;
    live.innerHTML = await answer.text();
    if (one("[data-over]", live)) location.reload();
  }, 3000);

  // --- keys ----------------------------------------------------------------
  const help = one("#keys");
  all("[data-help]").forEach((button) => { button.hidden = false; button.addEventListener("click", () => help.showModal()); });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || help.open) return;
    const typing = event.target.matches("input:not([type=checkbox]):not([type=radio]), textarea, select");
    if (event.key === "Escape") { event.target.blur(); leave(); return; }
    if (typing) return;
    const key = event.key;
    const run = {
      j: () => move(1), k: () => move(-1), ArrowDown: null, "?": () => help.showModal(),
      "/": () => one(".filters [type=search]") && one(".filters [type=search]").focus(),
      e: () => { const now = links.findIndex((link) => link.getAttribute("aria-selected") === "true"); if (links.length) open(links[(now + 1) % links.length]); },
      u: () => { const undo = one("#undo") || (one("[data-key=u]") && one("[data-key=u]").form); if (undo) undo.requestSubmit(); },
      g: () => { const group = one("a[data-key=g]"); if (group) location.href = group.href; },
    }[key];
    if (run) { event.preventDefault(); run(); return; }
    if (/^[1-9]$/.test(key)) {
      if (chosen) {
        const list = one(".reasons.show", form);
        const reason = list && all("[data-reason]", list)[Number(key) - 1];
        if (reason) { event.preventDefault(); reason.click(); }
        return;
      }
      const button = one(`button[data-key="${key}"]`);
      if (button) { event.preventDefault(); choose(button); }
    }
  });
})();
