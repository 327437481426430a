// The conversation: a client of POST /session and POST /messages in a panel on the page.

const KEEP = 200; // messages
const PATIENCE = 70000; // milliseconds; the server itself gives up sooner, and says so
const EMPTY = { token: "", open: false, log: [], files: null };

// Starts the chat in the shadow root that embed.js made; gives { open, close, say }.
export async function start(setting) {
  const { words, options, url, emit, host, root, launcher, cards, surfaces, notices, uploads, STORE } = setting;
  const { make } = cards;
  const shelf = uploads.shelf({ make, words, url });
  const touch = matchMedia("(pointer: coarse)");
  const phone = matchMedia("(max-width: 520px)");
  let state = load();
  let busy = false;
  let isOpen = false;
  let opener = null;
  let covered = [];
  let lost = null; // the last turn, where its answer didn't arrive
  let news = []; // notices that wait for the end of an exchange

  // --- what a reload brings back: words, cards and choices, never files ---
  function load() {
    try {
      return Object.assign({}, EMPTY, JSON.parse(sessionStorage.getItem(STORE)));
    } catch (error) {
      return Object.assign({}, EMPTY);
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

  function kept(message) {
    const copy = Object.assign({}, message);
    for (const key of ["image", "attachment"]) {
      if (/^(data|blob):/i.test(copy[key] || "")) delete copy[key];
    }
    return copy;
  }

  // --- the panel ---
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, setting.style];
  const shut = make("button", { type: "button", class: "chat-close", "aria-label": words.close, onclick: () => close() }, "\u00d7");
  const title = make("h2", { id: "chat-title" }, words.title);
  const head = make("header", { class: "chat-head" }, make("div", {}, title, make("p", {}, words.subtitle)), shut);
  const body = make("div", { class: "chat-body" });
  const panel = make("section", { class: "chat-panel", role: "dialog", "aria-labelledby": "chat-title", hidden: "" }, head, body);
  root.append(panel);
  const dots = [make("span"), make("span"), make("span")];
  const typing = make("div", { class: "chat-typing", role: "status", hidden: "" }, ...dots, make("b", { class: "chat-unseen" }, words.typing));
  const files = { tiles: shelf.tiles, pick: () => adding.pick(), remove: (...what) => adding.remove(...what) };
  const row = cards.cardMaker({ words, base: url("."), support: setting.support, choose, files });
  const surface = await surfaceOf();
  const log = surface.log;
  const adding = uploads.uploader({ make, words, limits: setting.limits, url, panel, surface, shelf, drawn, connect, anew,
    exchange: exchangeNext, note, keep, enter, toEnd, token: () => state.token });

  // deep-chat's own shadow needs our styles too, and only works while it is shown.
  async function surfaceOf() {
    const wanted = { parent: body, words, make, submit, styles: [setting.style] };
    if (!setting.rich) return surfaces.plainSurface(wanted);
    panel.hidden = false;
    try {
      return await surfaces.deepChatSurface(wanted);
    } catch (error) {
      body.replaceChildren();
      return surfaces.plainSurface(wanted);
    } finally {
      panel.hidden = !state.open;
    }
  }

  // --- showing ---
  function show(entry) {
    const shown = row(entry);
    surface.add(shown, entry.who);
    return shown;
  }

  // Shows and keeps what the assistant said; returns the first of its rows.
  function addAll(messages) {
    const entries = messages.map((message) => ({ who: "assistant", message: kept(message) }));
    state.log.push(...entries);
    save();
    const rows = entries.map(show);
    if (messages.some((message) => message.follow)) notices.follow();
    for (const message of messages) emit("message", { who: "assistant", text: message.text });
    return rows[0];
  }

  function setBusy(on) {
    busy = on;
    surface.busy(on);
    typing.hidden = !on;
    if (on) {
      log.append(typing);
      toEnd();
    } else {
      typing.remove();
    }
  }

  function toEnd() {
    log.scrollTop = log.scrollHeight;
  }

  // Shows a long answer from its start; a short one ends at the bottom by itself.
  function toRow(shown) {
    if (!shown) return;
    const move = () => {
      log.scrollTop += shown.getBoundingClientRect().top - log.getBoundingClientRect().top - 12;
    };
    move();
    for (const later of [0, 60]) setTimeout(move, later); // deep-chat scrolls to the end by itself
  }

  // What the assistant says by itself stands below the answer that is on its way.
  function tell(messages) {
    news.push(...messages);
    if (busy || !news.length) return;
    const wasAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
    const first = addAll(news.splice(0));
    if (wasAtEnd) toRow(first);
  }

  // --- talking ---
  async function post(path, content) {
    const headers = { "Content-Type": "application/json" };
    if (state.token) headers.Authorization = "Bearer " + state.token;
    const signal = AbortSignal.timeout(PATIENCE);
    const response = await fetch(url(path), { method: "POST", headers, body: JSON.stringify(content), signal, credentials: "omit" });
    const answer = await response.json();
    if (!answer.messages && !answer.session) throw new Error("not an answer of ours");
    return { status: response.status, session: answer, messages: answer.messages || [] };
  }

  // Starts a session, the buyer's whom the shop has signed in or, when its token isn't good,
  // anybody's; a buyer who is known already goes on in the same chat.
  async function startSession(token) {
    let answer = token ? await post("session", { buyer_token: token }) : null;
    const signedIn = Boolean(answer) && answer.status === 200;
    if (!answer || answer.status === 401) {
      if (state.signedIn) setting.signOut();
      answer = await post("session", {});
    }
    if (answer.status !== 200) return answer;
    if (state.token && !answer.session.rejoined) forget();
    Object.assign(state, { token: answer.session.session, start: answer.session.start, signedIn });
    save();
    notices.session(state.token, Date.now() + answer.session.expires_in * 1000, answer.session.rejoined);
    if (token !== "") emit("identity", signedIn ? { signedIn } : { signedIn, refused: true });
    return answer;
  }

  // Whose chat it is, by the page's word now; another's is neither shown nor kept.
  async function settle() {
    const token = state.token ? await setting.buyerToken() : "";
    if (!token && !state.signedIn) return;
    if (token === "") {
      setting.signOut();
      forget();
      emit("identity", { signedIn: false });
      return;
    }
    const answer = await startSession(token).catch(() => null);
    if (!answer || answer.status !== 200) forget();
  }

  function forget() {
    state = Object.assign({}, EMPTY, { open: state.open, log: [] });
    adding.forget();
    surface.clear();
    save();
    notices.session("", 0);
  }

  // The page says anew who is signed in.
  async function identify() {
    while (busy) await rest();
    setBusy(true);
    await settle();
    setBusy(false);
    if (isOpen && !state.log.length) await exchange({ message: null });
  }

  // Starts a session when there is none; gives the answer that refuses one, or null.
  async function connect() {
    if (state.token) return null;
    const answer = await startSession(await setting.buyerToken());
    return answer.status === 200 ? null : answer;
  }

  // Sends a message, in a new session when there is none; null lets the assistant greet.
  async function talk(message, id) {
    const refused = await connect();
    return refused || post("messages", { message: message === null ? state.start : message, id });
  }

  // The session has ended, and what was said in it goes.
  function end(messages) {
    state = Object.assign({}, EMPTY, { open: state.open, log: [] });
    surface.clear();
    return addAll(messages);
  }

  async function anew(messages) {
    while (busy) await rest();
    end(messages);
    await exchange({ message: null });
  }

  const rest = () => new Promise((resolve) => setTimeout(resolve, 50));

  // As soon as no answer is awaited any more.
  async function exchangeNext(turn) {
    while (busy) await rest();
    return exchange(turn);
  }

  // One turn: { shown, message, typed, files, taken, id }. Until the server has taken it, it can be taken back.
  async function exchange(turn) {
    if (busy) return;
    log.querySelectorAll(".chat-note").forEach((note) => note.remove());
    const choices = log.querySelectorAll(".chat-choices");
    choices.forEach((choice) => (choice.hidden = true));
    const entry = { who: "buyer", message: { text: turn.shown } };
    if (turn.files) Object.assign(entry.message, { files: turn.files, say: turn.message });
    let mine = turn.shown ? turn.mine || show(entry) : null;
    setBusy(true);
    // Under the same name as before, what may have arrived is answered once more and not said twice.
    const isAgain = lost && !turn.files && lost.message === turn.message;
    turn.id = isAgain ? lost.id : turn.id || Math.random().toString(36).slice(2);
    if (!turn.files) state.sent = { shown: turn.shown, message: turn.message, typed: turn.typed, id: turn.id };
    save();
    let answer = await talk(turn.message, turn.id).catch(() => null);
    lost = answer ? null : turn;
    if (answer) delete state.sent;
    if (answer && answer.status === 200) {
      choices.forEach((choice) => choice.remove());
      state.log.forEach(({ message }) => {
        delete message.buttons;
        if (message.card && message.card.type === "attach") delete message.card;
      });
      if (turn.taken) turn.taken();
      if (mine) {
        state.log.push(entry);
        emit("message", { who: "buyer", text: turn.shown });
      }
    } else {
      // Files have arrived already, and stay in sight.
      if (turn.files) turn.mine = mine;
      else if (mine) surface.remove(mine);
      mine = null;
      choices.forEach((choice) => (choice.hidden = false));
      if (turn.typed && !surface.text) surface.text = turn.typed;
    }
    if (answer && answer.status === 401) {
      mine = end(answer.messages);
      turn = { message: null };
      answer = await talk(null).catch(() => null);
    }
    setBusy(false);
    if (!answer) {
      tell([]);
      return offline(turn);
    }
    const first = addAll(answer.messages);
    if (answer.messages.some((message) => message.card && message.card.type === "receipt")) keepFiles();
    if (turn.message === null) offerOrder();
    toRow(mine || first);
    tell([]);
    notices.spoke();
  }

  // The shop's page knows which order the buyer looks at: one tap tells the assistant.
  function offerOrder() {
    const order = String(options.order || "").trim().slice(0, 40);
    const choices = log.querySelectorAll(".chat-choices");
    const last = choices[choices.length - 1];
    if (!order || !last) return;
    const said = words.about_order.replace("{order}", order);
    const again = { who: "buyer", title: said, payload: said };
    last.prepend(make("button", { type: "button", class: "chat-order", onclick: () => choose(again) }, said));
  }

  function offline(turn) {
    const again = () => {
      enter();
      if (turn.typed) submit();
      else exchange(turn);
    };
    const button = make("button", { type: "button", onclick: again }, words.retry);
    log.append(make("div", { class: "chat-note" }, make("p", {}, words.offline), button));
    toEnd();
  }

  function choose(button) {
    enter();
    exchange({ shown: button.title, message: button.payload });
  }

  function submit() {
    const text = surface.text;
    if (busy || !text.trim()) return;
    surface.text = "";
    exchange({ shown: text, message: text, typed: text });
  }

  // Says something in the buyer's name, for the page; waits for the greeting of a new chat.
  async function say(text) {
    await open();
    if (!text.trim()) return;
    await exchangeNext({ shown: text, message: text, typed: text });
  }

  // --- files ---
  // A row of the buyer's that isn't part of the conversation yet.
  function drawn(...parts) {
    const name = make("b", { class: "chat-unseen" }, words.you + ": ");
    return make("div", { class: "chat-entry", "data-who": "buyer" }, make("div", { class: "chat-bubble" }, name, ...parts));
  }

  // What is filed isn't taken back any more.
  function keepFiles() {
    log.querySelectorAll(".chat-remove").forEach((button) => button.remove());
    state.log.forEach((entry) => delete entry.message.say);
    save();
  }

  function note(text) {
    log.append(make("div", { class: "chat-note" }, make("p", {}, text)));
    toEnd();
  }

  function keep(kept) {
    state.files = kept;
    save();
  }

  // --- opening and closing ---
  async function open() {
    const opens = !isOpen;
    isOpen = true;
    if (opens) opener = root.activeElement || document.activeElement;
    panel.hidden = false;
    launcher.hidden = true;
    launcher.setAttribute("aria-expanded", "true");
    coverPage();
    state.open = true;
    save();
    notices.opened(true);
    enter();
    toEnd();
    if (opens) emit("open", {});
    if (!state.log.length) await exchange({ message: null });
  }

  // Focus goes to the input, save where that would push up a keyboard over the answer.
  function enter() {
    (touch.matches ? log : surface.input).focus();
  }

  // On a phone the panel covers the page, which then must not be reached by keyboard.
  function coverPage() {
    covered.forEach((element) => (element.inert = false));
    covered = [];
    if (phone.matches && !panel.hidden) {
      covered = [...document.body.children].filter((element) => element !== host && !element.inert);
      covered.forEach((element) => (element.inert = true));
    }
    panel.setAttribute("aria-modal", String(covered.length > 0));
  }

  function close() {
    if (!isOpen) return;
    isOpen = false;
    panel.hidden = true;
    coverPage();
    launcher.hidden = false;
    launcher.setAttribute("aria-expanded", "false");
    state.open = false;
    save();
    notices.opened(false);
    const back = opener && opener.isConnected && opener !== document.body && opener !== host ? opener : launcher;
    back.focus();
    opener = null;
    emit("close", {});
  }

  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
  phone.addEventListener("change", coverPage);
  await settle();
  state.log.forEach(show);
  if (state.log.length === 1) offerOrder();
  notices.attach(tell);
  if (state.files) adding.resume(state.files);
  // The page was left before the answer came.
  if (state.sent) exchangeNext(state.sent);
  return { open, close, say, identify };
}
