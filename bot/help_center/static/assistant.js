// The chat in the corner: a small client of POST /session and POST /messages.
// Whatever comes from the server is shown through textContent, never as HTML.
(function () {
  "use strict";

  const config = JSON.parse(document.getElementById("assistant-config").textContent);
  const words = config.words;
  const STORE = "help-center-chat";
  const KEEP = 200; // messages
  const PATIENCE = 70000; // milliseconds; the server itself gives up sooner, and says so
  // Web and mail addresses, and the support page as the assistant writes it.
  const support = config.support.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const LINK = new RegExp(`\\b(?:https?://|mailto:)[^\\s<>"']+|(?<!\\S)${support}(?![\\w/])`, "gi");

  const page = document.getElementById("page");
  const touch = matchMedia("(pointer: coarse)");
  const phone = matchMedia("(max-width: 520px)");
  let state = load();
  let busy = false;

  function load() {
    const empty = { token: "", open: false, log: [] };
    try {
      return Object.assign(empty, JSON.parse(sessionStorage.getItem(STORE)));
    } catch (error) {
      return empty;
    }
  }

  function save() {
    state.log = state.log.slice(-KEEP);
    try {
      sessionStorage.setItem(STORE, JSON.stringify(state));
    } catch (error) {
      // Storage is full or forbidden: the chat works on, a reload starts anew.
    }
  }

  function make(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name === "onclick") element.addEventListener("click", value);
      else if (value !== undefined) element.setAttribute(name, value);
    }
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
  }

  // --- the parts of the panel ---
  const log = make("div", { class: "chat-log", role: "log", "aria-live": "polite", tabindex: "0", "aria-label": words.title });
  const typing = make("div", { class: "chat-typing", role: "status", hidden: "" }, make("span"), make("span"), make("span"), make("b", { class: "chat-unseen" }, words.typing));
  const input = make("textarea", { id: "chat-input", rows: "1", autocomplete: "off", placeholder: words.placeholder });
  const send = make("button", { type: "submit", class: "chat-send" }, words.send);
  const form = make("form", { class: "chat-form" }, make("label", { for: "chat-input", class: "chat-unseen" }, words.input_label), input, send);
  const shut = make("button", { type: "button", class: "chat-close", "aria-label": words.close, onclick: close }, "\u00d7");
  const title = make("h2", { id: "chat-title" }, words.title);
  const head = make("header", { class: "chat-head" }, make("div", {}, title, make("p", {}, words.subtitle)), shut);
  const panel = make("section", { class: "chat-panel", id: "chat-panel", role: "dialog", "aria-labelledby": "chat-title", hidden: "" }, head, log, typing, form);
  const launcher = make("button", { type: "button", class: "chat-launcher", "aria-expanded": "false", "aria-controls": "chat-panel", onclick: open }, words.open);
  document.body.append(launcher, panel);

  // --- showing ---
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
    return [...parts, text.slice(from)];
  }

  function safe(address) {
    try {
      const url = new URL(address, location.href);
      return ["http:", "https:", "mailto:"].includes(url.protocol) ? url.href : "";
    } catch (error) {
      return "";
    }
  }

  function link(href, text) {
    return make("a", { href, target: "_blank", rel: "noopener noreferrer nofollow" }, text);
  }

  function fileLink(address) {
    const href = address ? safe(address) : "";
    return href ? make("p", {}, link(href, words.attachment)) : null;
  }

  function term(name, value) {
    return value ? make("div", {}, make("dt", {}, name), make("dd", {}, String(value))) : null;
  }

  function routeRow(route) {
    const badge = make("span", { class: "chat-badge", "data-status": route.status }, String(route.status_label || ""));
    // What a closed way would have offered only distracts.
    const terms = route.status === "closed" ? null : make("dl", {}, term(words.last_day, route.last_day), term(words.paid_by, route.paid_by));
    return make("li", {}, make("div", { class: "chat-row" }, make("strong", {}, String(route.name || "")), badge), terms);
  }

  function itemRow(item) {
    const detail = item.detail ? make("small", {}, String(item.detail)) : null;
    const badge = item.badge ? make("span", { class: "chat-badge", "data-status": "open" }, String(item.badge)) : null;
    return make("li", {}, make("div", { class: "chat-row" }, make("strong", {}, String(item.title || "")), detail, badge));
  }

  // A card adds to the text; one that has nothing to show only colours the bubble.
  function cardOf(card) {
    const box = make("div", { class: "chat-card" });
    if (card.request_number) box.append(make("p", { class: "chat-number" }, String(card.request_number)));
    if (card.title) box.append(make("h3", {}, String(card.title)));
    const telling = (card.items || []).filter((item) => item.detail || item.badge);
    const rows = (card.routes || []).map(routeRow).concat(telling.map(itemRow));
    if (rows.length) box.append(make("ul", {}, ...rows));
    const terms = (card.rows || []).map((row) => term(String(row.label), row.value));
    if (terms.length) box.append(make("dl", {}, ...terms.filter(Boolean)));
    return box.childNodes.length ? box : null;
  }

  function sourcesOf(citations) {
    const ids = citations.map((citation) => citation.id).join(", ");
    const quotes = citations.map((citation) => {
      const href = citation.url && safe(citation.url);
      const source = href && make("p", {}, link(href, String(citation.section)));
      const said = citation.quote ? make("blockquote", {}, String(citation.quote)) : make("p", {}, String(citation.plain || ""));
      return make("figure", {}, make("figcaption", {}, make("b", {}, String(citation.id)), " " + (citation.title || "")), said, ...[source].filter(Boolean));
    });
    return make("details", { class: "chat-sources" }, make("summary", {}, `${words.sources} (${ids})`), ...quotes);
  }

  function choicesOf(buttons) {
    const choices = buttons.map((button) =>
      make("button", { type: "button", onclick: () => choose(button) }, button.title));
    return make("div", { class: "chat-choices" }, ...choices);
  }

  function show(entry) {
    const mine = entry.who === "buyer";
    const message = entry.message;
    const bubble = make("div", { class: "chat-bubble" }, make("b", { class: "chat-unseen" }, (mine ? words.you : words.assistant) + ": "));
    if (message.card) bubble.dataset.card = String(message.card.type);
    if (message.text) bubble.append(make("p", {}, ...(mine ? [message.text] : linked(message.text))));
    const extras = [fileLink(message.image), fileLink(message.attachment), message.card && cardOf(message.card), message.citations && sourcesOf(message.citations)];
    bubble.append(...extras.filter(Boolean));
    const row = make("div", { class: "chat-entry", "data-who": entry.who }, bubble);
    if (message.buttons) row.append(choicesOf(message.buttons));
    log.append(row);
    return row;
  }

  // Shows and keeps what the assistant said; returns the first of its rows.
  function addAll(messages) {
    const entries = messages.map((message) => ({ who: "assistant", message }));
    state.log.push(...entries);
    save();
    return entries.map(show)[0];
  }

  function setBusy(on) {
    busy = on;
    send.disabled = on;
    typing.hidden = !on;
    if (on) log.scrollTop = log.scrollHeight;
  }

  function scrollTo(row) {
    // Shows a long answer from its start; a short one ends at the bottom by itself.
    if (row) log.scrollTop = row.offsetTop - log.offsetTop - 12;
  }

  // --- talking ---
  async function post(path, body) {
    const headers = { "Content-Type": "application/json" };
    if (state.token) headers.Authorization = "Bearer " + state.token;
    const signal = AbortSignal.timeout(PATIENCE);
    const response = await fetch(path, { method: "POST", headers, body: JSON.stringify(body), signal });
    const content = await response.json();
    if (!content.messages && !content.session) throw new Error("not an answer of ours");
    return { status: response.status, session: content, messages: content.messages || [] };
  }

  // Sends a message, in a new session when there is none; null lets the assistant greet.
  async function talk(message) {
    if (!state.token) {
      const answer = await post("/session", {});
      if (answer.status !== 200) return answer;
      state.token = answer.session.session;
      state.start = answer.session.start;
    }
    return post("/messages", { message: message === null ? state.start : message });
  }

  // One turn: { shown, message, typed }. Until the server has taken it, it can be taken back.
  async function exchange(turn) {
    if (busy) return;
    log.querySelectorAll(".chat-note").forEach((note) => note.remove());
    const choices = log.querySelectorAll(".chat-choices");
    choices.forEach((choice) => (choice.hidden = true));
    const entry = { who: "buyer", message: { text: turn.shown } };
    let row = turn.shown ? show(entry) : null;
    setBusy(true);
    let answer = await talk(turn.message).catch(() => null);
    if (answer && answer.status === 200) {
      choices.forEach((choice) => choice.remove());
      state.log.forEach((old) => delete old.message.buttons);
      if (row) state.log.push(entry);
    } else {
      if (row) row.remove();
      row = null;
      choices.forEach((choice) => (choice.hidden = false));
      if (turn.typed && !input.value) input.value = turn.typed;
      grow();
    }
    if (answer && answer.status === 401) {
      state = { token: "", open: state.open, log: [] };
      log.replaceChildren();
      row = addAll(answer.messages);
      turn = { message: null };
      answer = await talk(null).catch(() => null);
    }
    setBusy(false);
    if (!answer) return offline(turn);
    const first = addAll(answer.messages);
    scrollTo(row || first);
  }

  function offline(turn) {
    const again = () => {
      enter();
      if (turn.typed) submit();
      else exchange(turn);
    };
    const button = make("button", { type: "button", onclick: again }, words.retry);
    log.append(make("div", { class: "chat-note" }, make("p", {}, words.offline), button));
    log.scrollTop = log.scrollHeight;
  }

  function choose(button) {
    enter();
    exchange({ shown: button.title, message: button.payload });
  }

  function submit() {
    const text = input.value;
    if (busy || !text.trim()) return;
    input.value = "";
    grow();
    exchange({ shown: text, message: text, typed: text });
  }

  function grow() {
    input.rows = Math.min(5, input.value.split("\n").length + Math.floor(input.value.length / 42));
  }

  // --- opening and closing ---
  function open() {
    panel.hidden = false;
    coverPage();
    launcher.hidden = true;
    launcher.setAttribute("aria-expanded", "true");
    state.open = true;
    save();
    enter();
    log.scrollTop = log.scrollHeight;
    if (!state.log.length) exchange({ message: null });
  }

  // Focus goes to the input, save where that would push up a keyboard over the answer.
  function enter() {
    (touch.matches ? log : input).focus();
  }

  // On a phone the panel covers the page, which then must not be reached by keyboard.
  function coverPage() {
    page.inert = phone.matches && !panel.hidden;
    panel.setAttribute("aria-modal", String(page.inert));
  }

  function close() {
    panel.hidden = true;
    coverPage();
    launcher.hidden = false;
    launcher.setAttribute("aria-expanded", "false");
    state.open = false;
    save();
    launcher.focus();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  input.addEventListener("input", grow);
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !panel.hidden) close();
  });
  phone.addEventListener("change", coverPage);
  document.querySelectorAll("[data-open-chat]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", open);
  });

  state.log.forEach(show);
  if (state.open) open();
})();
