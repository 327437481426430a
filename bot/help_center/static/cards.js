// What the assistant says, as elements: text, cards, citations, choices. Whatever comes from the
// server is shown through textContent, never as HTML, and links lead to web, mail and our own pages.

const PRESENT = (child) => child !== null && child !== undefined && child !== "";
const SHOWN_SOURCES = 3;

export function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === "onclick") element.addEventListener("click", value);
    else if (value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter(PRESENT));
  return element;
}

// Makes messages. `words` are the client's sentences, `base` is what addresses count from,
// `support` the support page's address, `choose` is called with a button that was tapped. `files`
// draws files and lets them be added: { tiles, pick, remove }.
export function cardMaker({ words, base, support, choose, files }) {
  // Web and mail addresses, and the support page as the assistant writes it.
  const ours = support.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const LINK = new RegExp(`\\b(?:https?://|mailto:)[^\\s<>"']+|(?<!\\S)${ours}(?![\\w/])`, "gi");

  function safe(address) {
    try {
      const url = new URL(address, base);
      return ["http:", "https:", "mailto:"].includes(url.protocol) ? url.href : "";
    } catch (error) {
      return "";
    }
  }

  function link(href, text) {
    return make("a", { href, target: "_blank", rel: "noopener noreferrer nofollow" }, text);
  }

  function linked(text) {
    const parts = [];
    let from = 0;
    for (const match of text.matchAll(LINK)) {
      const address = match[0].replace(/[.,;:!?)\]]+$/, "");
      const href = safe(address);
      if (!href) continue;
      parts.push(text.slice(from, match.index), link(href, address));
      from = match.index + address.length;
    }
    return [...parts, text.slice(from)].flatMap((part) => (typeof part === "string" ? unbroken(part) : part));
  }

  // A request's number stays on one line.
  function unbroken(text) {
    return text.split(/\b([A-Z]{1,2}-[A-Z0-9]{6,})\b/).map((part, place) =>
      place % 2 ? make("span", { class: "chat-unbroken" }, part) : part);
  }

  // A clause named in the text, such as "(F2)", opens its exact words below the paragraph.
  function cited(text, sources) {
    const named = sources.filter((source) => text.includes(`(${source.id})`));
    const parts = [];
    let rest = text;
    while (rest) {
      const places = named.map((source) => [rest.indexOf(`(${source.id})`), source]).filter(([at]) => at >= 0);
      if (!places.length) break;
      const [at, source] = places.sort((a, b) => a[0] - b[0])[0];
      parts.push(...linked(rest.slice(0, at)), citeButton(source));
      rest = rest.slice(at + source.id.length + 2);
    }
    return [...parts, ...linked(rest)];
  }

  function citeButton(source) {
    const button = make("button", { type: "button", class: "chat-cite", "aria-expanded": "false", title: source.title, onclick: toggle }, source.id);
    let quote = null;
    function toggle() {
      if (quote) quote.remove();
      quote = quote ? null : sourceOf(source);
      button.setAttribute("aria-expanded", String(Boolean(quote)));
      if (quote) button.closest("p, dd").after(quote);
    }
    return button;
  }

  function paragraph(text, sources, attributes) {
    return make("p", attributes || {}, ...cited(text, sources));
  }

  function paragraphs(text, sources) {
    return text.split(/\n{2,}/).filter(Boolean).map((part) => paragraph(part, sources));
  }

  function fileLink(address, text) {
    const href = address ? safe(address) : "";
    return href ? make("p", { class: "chat-file" }, link(href, text)) : null;
  }

  // Addresses to go on with, such as a request's page and its files.
  function linksOf(card) {
    const links = (card.links || []).map((one) => [safe(String(one.url)), String(one.label)]);
    const shown = links.filter(([href]) => href).map(([href, text]) => link(href, text));
    return shown.length ? make("p", { class: "chat-file" }, ...shown) : null;
  }

  // "Step 3 of 5: your options" above a dialogue's question; the bar shows the same to the eye.
  function progressOf(progress) {
    const bar = make("span", { class: "chat-bar", "aria-hidden": "true" }, make("span"));
    bar.firstChild.style.width = `${Math.round((100 * progress.step) / progress.of)}%`;
    return make("div", { class: "chat-progress" }, make("p", {}, String(progress.text)), bar);
  }

  function term(name, value) {
    return value ? make("div", {}, make("dt", {}, name), make("dd", {}, String(value))) : null;
  }

  function badge(status, text) {
    return text ? make("span", { class: "chat-badge", "data-status": status }, String(text)) : null;
  }

  // --- cards ---
  function routeRow(route, sources) {
    // What a closed way would have offered only distracts.
    const terms = route.status === "closed" ? [] : [term(words.last_day, route.last_day), term(words.paid_by, route.paid_by)];
    const told = terms.some(Boolean) ? make("dl", {}, ...terms) : null;
    const why = route.why ? paragraph(String(route.why), sources, { class: "chat-why" }) : null;
    const head = make("div", { class: "chat-row" }, make("strong", {}, String(route.name || "")), badge(route.status, route.status_label));
    return make("li", { "data-status": route.status }, head, why, told);
  }

  // Open ways come first; closed ones are folded away where another stands beside them.
  function routesOf(routes, sources) {
    const closed = routes.filter((route) => route.status === "closed");
    const rank = (route) => (route.status === "open" ? 0 : 1);
    const others = routes.filter((route) => route.status !== "closed").sort((a, b) => rank(a) - rank(b));
    const list = (some) => make("ul", {}, ...some.map((route) => routeRow(route, sources)));
    if (!others.length) return [list(closed)];
    if (!closed.length) return [list(others)];
    const label = `${words.closed_ways} (${closed.length})`;
    return [list(others), make("details", { class: "chat-closed" }, make("summary", {}, label), list(closed))];
  }

  function itemRow(item) {
    const src = item.image ? safe(item.image) : "";
    const picture = src ? make("img", { src, alt: "", loading: "lazy", width: "48", height: "48" }) : null;
    const detail = item.detail ? make("small", {}, String(item.detail)) : null;
    const row = make("div", { class: "chat-row" }, make("strong", {}, String(item.title || "")), detail, badge("open", item.badge));
    return make("li", picture ? { class: "chat-item" } : {}, picture, row);
  }

  // A card adds to the text; one that has nothing to show only colours the bubble.
  function cardOf(card, sources) {
    const box = make("div", { class: "chat-card" });
    if (card.request_number) box.append(make("p", { class: "chat-number" }, String(card.request_number)));
    if (card.title) box.append(make("h3", {}, String(card.title)));
    if (card.words) box.append(...paragraphs(String(card.words), []));
    if (card.routes && card.routes.length) box.append(...routesOf(card.routes, sources));
    const telling = (card.items || []).filter((item) => item.detail || item.badge || item.image);
    if (telling.length) box.append(make("ul", {}, ...telling.map(itemRow)));
    const terms = (card.rows || []).map((row) => term(String(row.label), row.value));
    if (terms.some(Boolean)) box.append(make("dl", {}, ...terms));
    if (card.files && card.files.length) box.append(files.tiles(card.files));
    return box.childNodes.length ? box : null;
  }

  // --- citations: the clauses that decided, folded; each opens to its exact words ---
  function sourceOf(citation) {
    const href = citation.url && safe(citation.url);
    const place = href ? make("p", {}, link(href, String(citation.section)))
      : citation.section ? make("p", {}, make("cite", {}, String(citation.section))) : null;
    const said = citation.quote ? make("blockquote", {}, String(citation.quote)) : make("p", {}, String(citation.plain || ""));
    const caption = make("figcaption", {}, make("b", {}, String(citation.id)), " " + (citation.title || ""));
    return make("figure", {}, caption, said, place);
  }

  function sourcesOf(citations) {
    const ids = citations.slice(0, SHOWN_SOURCES).map((citation) => citation.id).join(", ");
    const more = citations.length > SHOWN_SOURCES ? ` +${citations.length - SHOWN_SOURCES}` : "";
    const label = `${words.sources} (${ids}${more})`;
    return make("details", { class: "chat-sources" }, make("summary", {}, label), ...citations.map(sourceOf));
  }

  function choicesOf(buttons) {
    const choices = buttons.map((button) =>
      make("button", { type: "button", onclick: () => choose(button) }, button.title));
    return make("div", { class: "chat-choices" }, ...choices);
  }

  // The text without the lines that the card tells in its own rows.
  function textBeside(message) {
    const { routes = [], items = [], words = "" } = message.card || {};
    const lines = String(words).split("\n").map((line) => line.trim());
    const told = new Set([...[...routes, ...items].map((one) => one.line), ...lines].filter(Boolean));
    const beside = (part) => part.split("\n").filter((line) => !told.has(line.trim())).join("\n");
    return String(message.text || "").split(/\n{2,}/).map(beside).filter(Boolean);
  }

  // A summary's lines, "Order: 40010001", as rows that are easy to check.
  function summaryRows(text) {
    const parts = [];
    for (const line of text.split("\n").filter(Boolean)) {
      const found = line.match(/^([^:.?!]{1,30}): (.+)$/);
      const last = parts[parts.length - 1];
      if (!found) parts.push(make("p", {}, ...linked(line)));
      else if (last && last.tagName === "DL") last.append(term(found[1], found[2]));
      else parts.push(make("dl", { class: "chat-rows" }, term(found[1], found[2])));
    }
    return parts;
  }

  // A decision opens with its answer, then its ways, and closes with what the law adds.
  function assistantParts(message) {
    const sources = (message.citations || []).filter((source) => source && source.id);
    const card = message.card || {};
    const [first, ...notes] = card.type === "summary" ? [] : textBeside(message);
    if (card.type === "receipt") {
      const text = String(message.text || "").split("\n").filter((line) => line.trim() !== card.line);
      return [cardOf(card, sources), ...text.flatMap((line) => paragraphs(line, sources)),
        linksOf(card), fileLink(message.image, words.attachment), fileLink(message.attachment, words.attachment),
        sources.length ? sourcesOf(sources) : null];
    }
    const rows = card.type === "summary" ? summaryRows(String(message.text || "")) : [];
    // The question comes last, below what it is about.
    const question = card.files && rows.length > 1 ? rows.pop() : null;
    return [
      message.progress ? progressOf(message.progress) : null,
      ...rows,
      ...paragraphs(first || "", sources),
      fileLink(message.image, words.attachment),
      message.card ? cardOf(card, sources) : null,
      question,
      ...notes.flatMap((part) => paragraphs(part, sources)),
      linksOf(card),
      fileLink(message.attachment, words.attachment),
      sources.length ? sourcesOf(sources) : null,
    ];
  }

  function buyerParts(entry) {
    const { text, files: given } = entry.message;
    const onRemove = entry.message.say && ((file, tile) => files.remove(entry, file, tile));
    return [make("p", {}, text), given && given.length ? files.tiles(given, onRemove) : null].filter(Boolean);
  }

  // A row of the conversation for { who: "buyer" | "assistant", message }.
  return function row(entry) {
    const mine = entry.who === "buyer";
    const message = entry.message;
    const name = make("b", { class: "chat-unseen" }, (mine ? words.you : words.assistant) + ": ");
    const parts = mine ? buyerParts(entry) : assistantParts(message);
    const bubble = make("div", { class: "chat-bubble" }, name, ...parts);
    if (message.card) bubble.dataset.card = String(message.card.type);
    const made = make("div", { class: "chat-entry", "data-who": entry.who }, bubble);
    const adds = message.card && message.card.type === "attach";
    if (message.buttons || adds) made.append(choicesOf(message.buttons || []));
    if (adds) made.lastElementChild.prepend(make("button", { type: "button", class: "chat-add", onclick: () => files.pick() }, words.add_files));
    return made;
  };
}
