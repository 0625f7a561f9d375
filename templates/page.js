/* What the page can do beyond being read: sort and filter tables, and compare with another set-up.
   Everything stands in the page already; without this script it is a plain report. */
"use strict";
(function () {
  const MANY = 100; // rows that are put up at once
  const words = document.body.dataset;

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

  /* One cell of a long table: a text, [text, number], or {kind, ...}. */
  function cellOf(entry, first, css) {
    const cell = element(first ? "th" : "td");
    if (first) cell.scope = "row";
    cell.className = css;
    // a name, or a number, may run in another direction than the page
    if (typeof entry === "string") cell.append(element("bdi", entry));
    else if (Array.isArray(entry)) cell.append(apart(entry[0]));
    else if (entry.kind === "badge") {
      const badge = element("span", undefined, "badge " + entry.tone);
      if (entry.sign) {
        badge.append(element("span", entry.sign, "sign"), " ");
      }
      badge.append(entry.text);
      cell.append(badge);
    } else cell.append(element("span", entry.text, "missing"));
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
        return cell.dataset.v === undefined ? text : [text, Number(cell.dataset.v)];
      }),
    }));
  }

  function compare(column, falling) {
    const side = falling ? -1 : 1;
    return function (one, two) {
      const a = one.cells[column], b = two.cells[column];
      const x = numberOf(a), y = numberOf(b);
      if (x !== null && y !== null) return side * (x - y);
      if (x !== null) return -1; // numbers first, gaps last, whichever way it is sorted
      if (y !== null) return 1;
      return side * textOf(a).localeCompare(textOf(b), document.documentElement.lang, { numeric: true });
    };
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
    if (long) {
      block.querySelectorAll(".left-out").forEach((note) => note.remove());
      this.put();
    }
  }

  Board.prototype.heads = function () {
    Array.from(this.table.tHead.rows[0].cells).forEach((head, column) => {
      const button = element("button", head.textContent.trim(), "sort");
      button.type = "button";
      button.title = words.sort;
      head.textContent = "";
      head.append(button);
      button.addEventListener("click", () => {
        const falling = head.getAttribute("aria-sort") === "ascending";
        Array.from(this.table.tHead.rows[0].cells).forEach((cell) => cell.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", falling ? "descending" : "ascending");
        this.order = compare(column, falling);
        this.put();
      });
    });
  };

  Board.prototype.tools = function (block) {
    const line = element("div", undefined, "tools");
    const label = element("label", words.filter + " ");
    const input = element("input");
    input.type = "search";
    label.append(input);
    line.append(label, this.status);
    block.querySelector(".scroll").before(line);
    input.addEventListener("input", () => {
      const parts = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      this.found = this.rows.filter((row) => {
        if (row.words === undefined) row.words = row.cells.map(textOf).join("\n").toLowerCase();
        return parts.every((part) => row.words.includes(part));
      });
      if (this.isLong) this.shown = MANY;
      this.put();
    });
    this.more = element("button", words.more, "more");
    this.more.type = "button";
    this.more.hidden = true;
    this.more.addEventListener("click", () => {
      this.shown += 10 * MANY;
      this.put();
    });
    block.querySelector(".scroll").after(this.more);
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
    if (this.more) {
      this.more.hidden = seen.length >= rows.length;
      this.status.textContent = words.count
        .replace("{shown}", seen.length.toLocaleString(document.documentElement.lang))
        .replace("{all}", this.rows.length.toLocaleString(document.documentElement.lang));
    }
  };

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
        head.append(element("bdi", name));
        head.scope = "row";
        const pair = told.pairs[which + "," + base + "," + place];
        const verdict = place === base ? told.own : pair ? told.words[pair[0]] : told.none;
        const badge = element("span", undefined, "badge " + verdict.tone);
        if (verdict.sign) {
          badge.append(element("span", verdict.sign, "sign"), " ");
        }
        badge.append(verdict.text);
        const cell = element("td", undefined, "words");
        cell.append(badge);
        const average = element("td", undefined, "figure"), difference = element("td", undefined, "figure");
        average.append(apart(told.values[which][place]));
        difference.append(apart(place === base || !pair ? "–" : pair[1]));
        row.append(head, average, difference, cell);
        return row;
      });
      body.replaceChildren.apply(body, rows);
      status.textContent = holder.dataset.said.replace("{setup}", told.setups[base]).replace("{metric}", told.metrics[which]);
    }
    against.addEventListener("change", put);
    metric.addEventListener("change", put);
    put();
    holder.hidden = false;
  }

  document.querySelectorAll(".table-block").forEach((block) => {
    const table = block.querySelector("table");
    if (table && table.tBodies[0].rows.length >= 6) new Board(block, table);
  });
  document.querySelectorAll(".compare").forEach(live);
  document.documentElement.classList.add("ready");
})();
