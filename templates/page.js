/* What the page can do beyond being read: sort and filter tables, and compare with another set-up.
   Everything stands in the page already; without this script it is a plain report. */
"use strict";
(function () {
  const MANY = 100; // rows that are put up at once
  const TALL = 30; // more rows scroll below a head that stays
  const WORDY = 90; // letters from which a cell wants a wide column
  const ONE_LINE = 48; // letters of a row's name that stay on one line at a desk
  const words = document.body.dataset;
  const language = document.documentElement.lang;
  const inWords = new Intl.Collator(language, { numeric: true }).compare;

  function element(name, text, css) {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (css) made.className = css;
    return made;
  }

  function data(holder, selector) {
    const found = holder.querySelector(selector);
    return found ? JSON.parse(found.textContent) : null;
  }

  /* A number is written from left to right in every script; a time or name has its own direction. */
  function apart(text) {
    const made = element("bdi", text);
    if (!/\p{L}/u.test(text)) made.dir = "ltr";
    return made;
  }

  /* A name whose pieces each stay on one line: the rules of reportgen/render/html/names.py. */
  const SHORT = 13, LONG = 22, GROUP = 38, ID = 26, NAME = 90;

  function size(text) {
    return text.length + (text.match(/[\p{Uppercase}mw@%\u2014\u2026]/gu) || []).length;
  }

  function hold(text, inside) {
    const made = element("span", undefined, size(text) > SHORT ? "held long" : "held");
    made.append(...(inside || [text]));
    return made;
  }

  function spaced(parts) {
    return parts.flatMap((part, place) => (place ? [" ", part] : [part]));
  }

  function word(text) {
    const isOne = text.includes(" = ") ? size(text) <= LONG : text.slice(1, -1).includes("-") && text.length <= ID;
    return isOne ? hold(text) : text;
  }

  function piece(text, isInside) {
    const all = text.split(" ");
    if (all.length === 1 || size(text) > LONG || !(isInside || /[=\d]/.test(text)))
      return spaced(text.replace(/ = /g, "\n=\n").split(" ").map((part) => word(part.replace(/\n/g, " "))));
    if (size(text) <= SHORT || all.length === 2) return [hold(text)];
    return [hold(text, spaced([...all.slice(0, -2), hold(all.slice(-2).join(" "))]))];
  }

  function group(pieces) {
    const told = spaced(pieces.map((part, at) => piece(part, at > 0 || part.startsWith("(")))).flat();
    const text = pieces.join(" ");
    if (pieces.length === 1 || size(text) > GROUP) return told;
    if (size(text) <= LONG) return [hold(text, told)];
    const made = element("span", undefined, "group");
    made.append(...told);
    return [made];
  }

  function named(text) {
    const made = element("bdi");
    if (text.length > NAME || text.includes("\n") || /[^\0-\u052f\u2000-\u22ff]/.test(text)) {
      made.append(text);
      return made;
    }
    const groups = [];
    let depth = 0;
    text.replace(/ (?=\()/g, "\n").replace(/([,)]) /g, "$1\n").split("\n").forEach((part) => {
      if (depth > 0) groups[groups.length - 1].push(part);
      else groups.push([part]);
      depth += part.split("(").length - part.split(")").length;
    });
    const told = spaced(groups.map(group)).flat();
    const isHeld = told.some((part) => part.nodeType);
    made.append(...(isHeld && groups.length > 1 && size(text) <= LONG ? [hold(text, told)] : told));
    return made;
  }

  function chip(entry) {
    const made = element("span", undefined, "badge " + entry.tone + (entry.text.length > 12 ? " two" : ""));
    if (entry.sign) made.append(element("span", entry.sign, "sign"), " ");
    made.append(entry.text);
    return made;
  }

  /* One cell of a long table: a text, [text, number], or {kind, ...}. */
  function cellOf(entry, first, css) {
    const cell = element(first ? "th" : "td");
    if (first) cell.scope = "row";
    const text = textOf(entry);
    const isLoose = text.split(/\s+/).some((part) => part.length > ID);
    const line = first && text.length <= ONE_LINE ? " line" : "";
    cell.className = css + (text.length > WORDY ? " long" : "") + (isLoose ? " loose" : "") + line;
    // a name, or a number, may run in another direction than the page
    if (typeof entry === "string") cell.append(named(entry));
    else if (Array.isArray(entry)) cell.append(apart(entry[0]));
    else if (entry.kind === "badge") cell.append(chip(entry));
    else cell.append(element("span", entry.text, "missing"));
    return cell;
  }

  function textOf(entry) {
    return typeof entry === "string" ? entry : Array.isArray(entry) ? entry[0] : entry.text;
  }

  function numberOf(entry) {
    return Array.isArray(entry) ? entry[1] : null;
  }

  /* Rows of a table that stands in the page, read from it. */
  function rowsOf(body) {
    return Array.from(body.rows, (row) => ({
      row: row,
      cells: Array.from(row.cells, (cell) => {
        const text = cell.textContent.trim();
        if (cell.dataset.v !== undefined) return [text, Number(cell.dataset.v)];
        return cell.matches(".missing, :has(.missing)") ? { kind: "missing", text: text } : text;
      }),
    }));
  }

  /* Numbers first, then words, gaps last: whichever way it is sorted. */
  function kindOf(entry) {
    if (numberOf(entry) !== null) return 0;
    return entry.kind === "missing" || !textOf(entry) ? 2 : 1;
  }

  function compare(column, falling) {
    const side = falling ? -1 : 1;
    return function (one, two) {
      const a = one.cells[column], b = two.cells[column];
      const kind = kindOf(a);
      if (kind !== kindOf(b)) return kind - kindOf(b);
      if (kind === 0) return side * (a[1] - b[1]);
      return kind === 1 ? side * inWords(textOf(a), textOf(b)) : 0;
    };
  }

  /* How a text is searched: what a keyboard has no key for is what people type instead. */
  function plain(text) {
    return text.toLowerCase().replace(/\u2212/g, "-").replace(/[\u00a0\u202f]/g, " ");
  }

  function counted(number) {
    return number.toLocaleString(language);
  }

  function Board(block, table) {
    this.table = table;
    this.body = table.tBodies[0];
    this.styles = Array.from(table.tHead.rows[0].cells, (cell) => cell.dataset.cell || "words");
    const long = data(block, "script.rows");
    this.rows = long ? long.map((row) => ({ tone: row.tone, cells: row.cells })) : rowsOf(this.body);
    this.found = this.rows;
    this.shown = long ? MANY : this.rows.length;
    this.isLong = Boolean(long);
    this.status = element("p", "", "note");
    this.status.setAttribute("role", "status");
    this.heads();
    if (this.rows.length >= 12) this.tools(block);
    if (this.rows.length > TALL) block.querySelector(".scroll").classList.add("tall");
    if (long) {
      block.querySelectorAll(".left-out").forEach((note) => note.remove());
      this.put();
    } else if (this.more) this.tell(this.rows.length);
  }

  Board.prototype.heads = function () {
    Array.from(this.table.tHead.rows[0].cells).forEach((head, column) => {
      const button = element("button", head.textContent.trim(), "sort");
      button.type = "button";
      button.title = words.sort;
      head.dataset.text = button.textContent; // for paper
      head.textContent = "";
      head.append(button);
      button.addEventListener("click", () => {
        const before = head.getAttribute("aria-sort");
        Array.from(this.table.tHead.rows[0].cells).forEach((cell) => cell.removeAttribute("aria-sort"));
        if (before === "descending") this.order = null; // the third time: as it was
        else {
          head.setAttribute("aria-sort", before ? "descending" : "ascending");
          this.order = compare(column, Boolean(before));
        }
        this.put();
        const now = head.getAttribute("aria-sort");
        const said = now === "ascending" ? words.rising : now ? words.falling : words.unsorted;
        spoken.textContent = (said || "").replace("{column}", () => button.textContent);
      });
    });
  };

  /* Several tables have such a control: say which one it is of. */
  let names = 0;
  function labelled(control, part, block) {
    const title = block.querySelector("h2");
    if (!title) return; // a template of somebody's own
    [part, title].forEach((holder) => {
      if (!holder.id) holder.id = "name-" + ++names;
    });
    control.setAttribute("aria-labelledby", part.id + " " + title.id);
  }

  Board.prototype.tools = function (block) {
    const line = element("div", undefined, "tools");
    this.line = line;
    const label = element("label"), input = element("input");
    const asked = element("span", words.filter);
    input.type = "search";
    label.append(asked, " ", input);
    labelled(input, asked, block);
    line.append(label, this.status);
    block.querySelector(".scroll").before(line);
    label.className = "unused";
    const search = (row) => {
      if (row.words === undefined) row.words = plain(row.cells.map(textOf).join("\n"));
      return row.words;
    };
    const filter = () => {
      const parts = plain(input.value).split(/\s+/).filter(Boolean);
      label.classList.toggle("unused", !parts.length);
      this.found = this.rows.filter((row) => parts.every((part) => search(row).includes(part)));
      if (this.isLong) this.shown = MANY;
      this.put();
    };
    input.addEventListener("focus", () => this.rows.forEach(search), { once: true }); // before the first letter
    input.addEventListener("input", filter);
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !input.value) return;
      event.preventDefault();
      input.value = "";
      filter();
    });
    this.more = element("button", words.more, "more");
    this.more.type = "button";
    this.more.hidden = true;
    labelled(this.more, this.more, block);
    const box = block.querySelector(".scroll");
    this.more.addEventListener("click", () => {
      this.shown += 10 * MANY;
      this.put();
      if (this.more.hidden) box.focus(); // the keyboard goes on in the table, not at the top of the page
    });
    box.after(this.more);
  };

  Board.prototype.put = function () {
    const rows = this.order ? this.found.slice().sort(this.order) : this.found;
    const seen = rows.slice(0, this.shown).map((row) => {
      if (row.row) return row.row;
      const made = element("tr", undefined, row.tone);
      row.cells.forEach((entry, place) => made.append(cellOf(entry, place === 0, this.styles[place])));
      row.row = made;
      return made;
    });
    this.body.replaceChildren.apply(this.body, seen);
    if (this.more) this.tell(seen.length);
  };

  /* Say how many rows were found, and how many of them stand here. */
  Board.prototype.tell = function (shown) {
    const found = this.found.length, all = this.rows.length;
    this.more.hidden = shown >= found;
    this.line.classList.toggle("part", shown < all); // paper says what it leaves out
    this.status.textContent = ((shown < found && words.part) || words.count)
      .replace("{shown}", counted(shown))
      .replace("{found}", counted(found))
      .replace("{all}", counted(all));
  };

  /* A box that is wider than its place: its edge fades, and the keyboard can scroll it. */
  function scrolls(box) {
    const look = () => {
      const rest = box.scrollWidth - box.clientWidth - Math.abs(box.scrollLeft);
      box.classList.toggle("cut", rest > 1);
      if (box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    };
    box.addEventListener("scroll", look, { passive: true });
    const watch = new ResizeObserver(look);
    watch.observe(box);
    watch.observe(box.firstElementChild);
  }

  /* What is only heard: not every screen reader tells a new order by itself. */
  const spoken = element("p", "", "spoken");
  spoken.setAttribute("role", "status");

  /* What marks in charts tell: to a pointer, to a finger, and to the arrow keys. */
  const tip = element("p", "", "tip");
  tip.setAttribute("role", "status");
  tip.hidden = true;

  function marks(drawing) {
    const spots = Array.from(drawing.querySelectorAll(".spot"), (spot) => {
      const title = spot.querySelector("title");
      const told = title.textContent;
      title.remove(); // else the browser tells it a second time
      return { spot: spot, told: told, x: spot.cx.baseVal.value, y: spot.cy.baseVal.value };
    });
    if (!spots.length) return;
    let at = -1, shownAt = 0;
    const hide = () => {
      if (at < 0) return; // what is told belongs to another drawing
      spots[at].spot.classList.remove("on");
      at = -1;
      tip.hidden = true;
    };
    const show = (place) => {
      if (place === at) return;
      hide();
      at = place;
      shownAt = window.scrollY;
      const box = spots[at].spot.getBoundingClientRect();
      spots[at].spot.classList.add("on");
      tip.hidden = false;
      tip.textContent = spots[at].told;
      const most = document.documentElement.clientWidth - tip.offsetWidth - 8;
      const above = box.top - tip.offsetHeight - 4;
      tip.style.left = Math.max(8, Math.min(box.left + box.width / 2 - tip.offsetWidth / 2, most)) + "px";
      tip.style.top = (above < 4 ? box.bottom + 4 : above) + "px";
    };
    const near = (event) => {
      const toScreen = drawing.getScreenCTM();
      const here = new DOMPoint(event.clientX, event.clientY).matrixTransform(toScreen.inverse());
      let best = -1, least = 24 / toScreen.a; // pixels: a finger is no needle
      spots.forEach((entry, place) => {
        const away = Math.hypot(here.x - entry.x, here.y - entry.y);
        if (away < least) {
          best = place;
          least = away;
        }
      });
      if (best < 0) hide();
      else show(best);
    };
    drawing.tabIndex = 0;
    drawing.addEventListener("pointermove", near);
    drawing.addEventListener("pointerdown", near);
    drawing.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse") hide();
    });
    drawing.addEventListener("blur", hide);
    drawing.addEventListener("keydown", (event) => {
      const last = spots.length - 1;
      const next = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: last }[event.key];
      if (next !== undefined) {
        event.preventDefault();
        show(Math.max(0, Math.min(next, last)));
      } else if (event.key === "Escape") hide();
    });
    const scrolled = () => {
      if (Math.abs(window.scrollY - shownAt) > 4) hide();
    };
    window.addEventListener("scroll", scrolled, { passive: true });
    document.addEventListener("pointerdown", (event) => {
      if (!drawing.contains(event.target)) hide();
    });
  }

  /* The comparison with another set-up; every verdict was worked out before. */
  function live(holder) {
    const told = data(holder, "script");
    const against = holder.querySelector("select.against"), metric = holder.querySelector("select.metric");
    const body = holder.querySelector("tbody"), status = holder.querySelector(".said");
    told.choices.forEach((place) => against.add(new Option(told.setups[place], place)));
    told.metrics.forEach((name, place) => metric.add(new Option(name, place)));
    against.value = told.baseline;
    function put() {
      const base = Number(against.value), which = Number(metric.value);
      const rows = told.setups.map((name, place) => {
        const row = element("tr", undefined, place === base ? "baseline" : "neutral");
        const head = element("th");
        head.append(named(name));
        head.scope = "row";
        const pair = told.pairs[which + "," + base + "," + place];
        const verdict = place === base ? told.own : pair ? told.words[pair[0]] : told.none;
        const cell = element("td", undefined, "words");
        cell.append(chip(verdict));
        const average = element("td", undefined, "figure"), difference = element("td", undefined, "figure");
        average.append(apart(told.values[which][place]));
        difference.append(apart(place === base || !pair ? "–" : pair[1]));
        row.append(head, average, difference, cell);
        return row;
      });
      body.replaceChildren.apply(body, rows);
      const own = told.named && base === told.baseline;
      const said = (!own && (told.named ? holder.dataset.other : holder.dataset.any)) || holder.dataset.said;
      const names = { setup: told.setups[base], metric: told.metrics[which], baseline: told.setups[told.baseline] };
      status.textContent = said.replace(/\{(setup|metric|baseline)\}/g, (whole, name) => names[name]);
    }
    against.addEventListener("change", put);
    metric.addEventListener("change", put);
    put();
    holder.hidden = false;
  }

  document.querySelectorAll(".table-block").forEach((block) => {
    const table = block.querySelector("table");
    if (table && (table.tBodies[0].rows.length >= 6 || block.querySelector("script.rows"))) new Board(block, table);
  });
  document.querySelectorAll(".compare").forEach(live);
  document.querySelectorAll(".scroll").forEach(scrolls);
  (document.querySelector(".page") || document.body).append(spoken, tip);
  document.querySelectorAll(".drawing svg").forEach(marks);
  document.documentElement.classList.add("ready");
})();
