// The script behind a shop's one tag: draws the launcher, and loads the chat when it is first
// opened. The server calls this function with the words and the addresses of the rest; docs/widget.md
// has what a page can set and call.
(function (boot) {
  "use strict";

  if (window.BuyerAssistant) return; // the tag stands on the page twice
  const tag = document.currentScript || document.querySelector('script[src*="/assistant.js"]');
  const options = Object.assign({}, tag.dataset);
  const words = boot.words;
  const STORE = "buyer-assistant";
  const NEWS = "buyer-assistant-news";
  const LATER = "later";
  const PATIENCE = 5000; // milliseconds for a page that said it would tell later who is signed in
  const listeners = { open: [], close: [], message: [], identity: [] };
  let loading = null;
  let watching = null;

  // Who is signed in by the page's word: a token, a function that gets one, or "" for nobody. It
  // leaves the page's markup, where scripts that copy it would find it.
  let who = options.buyerToken || "";
  let told = null;
  const telling = new Promise((resolve) => (told = resolve));
  delete options.buyerToken;
  tag.removeAttribute("data-buyer-token");

  // Addresses count from the script's own, so that the server may stand below a path.
  const url = (path) => new URL(path, tag.src).href;

  function emit(name, detail) {
    for (const listener of listeners[name]) {
      // A listener of the page that fails mustn't take the chat with it.
      try {
        listener(detail);
      } catch (error) {
        setTimeout(() => { throw error; });
      }
    }
  }

  // Sheets made by script need no permission of the page's content policy, as <style> would.
  function sheet(css) {
    const made = new CSSStyleSheet();
    made.replaceSync(css);
    return made;
  }

  // A fresh token for a new session; "" where nobody is signed in, null where the page has none.
  async function buyerToken() {
    if (who === LATER) await Promise.race([telling, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
    if (who === LATER) return "";
    try {
      return typeof who === "function" ? String((await who()) || "") : who;
    } catch (error) {
      return null;
    }
  }

  // What this tab keeps of a chat, or of its news.
  function kept(key) {
    try {
      return JSON.parse(sessionStorage.getItem(key)) || {};
    } catch (error) {
      return {};
    }
  }

  // Ends a signed-in chat: nothing of it stays in this tab, and the server forgets whose it was.
  function signOut() {
    const { signedIn, token } = kept(STORE);
    if (!signedIn) return;
    for (const key of [STORE, NEWS]) sessionStorage.removeItem(key);
    if (watching) watching.then((news) => news.session("", 0), () => {});
    fetch(url("session"), { method: "DELETE", headers: { Authorization: "Bearer " + token }, credentials: "omit" }).catch(() => {});
  }

  const host = document.createElement("buyer-assistant");
  host.lang = "en";
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const paint = () => {
    const asked = ["light", "dark"].includes(options.theme) && options.theme;
    host.dataset.theme = asked || (dark.matches ? "dark" : "light");
  };
  paint();
  dark.addEventListener("change", paint);
  host.dataset.position = options.position === "left" ? "left" : "right";
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheet(boot.style)];
  const launcher = document.createElement("button");
  launcher.type = "button";
  launcher.className = "chat-launcher";
  launcher.textContent = words.open;
  launcher.setAttribute("aria-expanded", "false");
  launcher.setAttribute("aria-haspopup", "dialog");
  launcher.addEventListener("click", () => api.open());
  const problem = document.createElement("p");
  problem.className = "chat-problem";
  problem.setAttribute("role", "alert");
  root.append(problem, launcher);

  // Asks for news of what the buyer filed, also while the chat is closed and not even loaded.
  function watch() {
    const made = (module) => module.start({ words, store: NEWS, url, root, launcher });
    watching = watching || import(url(boot.files.notices_js)).then(made);
    watching.catch(() => (watching = null));
    return watching;
  }

  async function load() {
    const files = boot.files;
    const bring = (name) => import(url(files[name]));
    const style = fetch(url(files.chat_css)).then((answer) => {
      if (!answer.ok) throw new Error("no style");
      return answer.text();
    });
    // Without deep-chat (it wasn't installed, or didn't arrive) the chat has a plain surface.
    const deepChat = files.deep_chat ? bring("deep_chat").then(() => true, () => false) : false;
    const [chat, cards, surfaces, uploads, notices, css, rich] = await Promise.all(
      [bring("chat_js"), bring("cards_js"), bring("surfaces_js"), bring("uploads_js"), watch(), style, deepChat]);
    return chat.start({ words, options, url, emit, host, root, launcher, cards, surfaces, uploads, notices, rich, STORE,
      buyerToken, signOut, support: boot.support, limits: boot.limits, style: sheet(css) });
  }

  // The chat, loaded once; a failed load can be tried again.
  function client() {
    if (!loading) {
      launcher.setAttribute("aria-busy", "true");
      problem.textContent = "";
      loading = load().finally(() => launcher.removeAttribute("aria-busy"));
      loading.catch(() => {
        loading = null;
        problem.textContent = words.not_loaded;
      });
    }
    return loading;
  }

  const api = {
    open: () => client().then((chat) => chat.open(), () => {}),
    close: () => (loading ? loading.then((chat) => chat.close(), () => {}) : Promise.resolve()),
    send: (text) => client().then((chat) => chat.say(String(text)), () => {}),
    identify(token) {
      who = typeof token === "function" ? token : String(token || "");
      told();
      if (loading) return loading.then((chat) => chat.identify(), () => {});
      if (!who) signOut();
      return Promise.resolve();
    },
    on(name, listener) {
      if (!listeners[name]) throw new TypeError(`no such event: ${name}`);
      listeners[name].push(listener);
      return () => {
        listeners[name] = listeners[name].filter((kept) => kept !== listener);
      };
    },
  };
  window.BuyerAssistant = Object.freeze(api);

  // Any element of the page with data-open-assistant opens the chat, and says its data-say in the
  // buyer's name where it has one; an element that is hidden until then
  // (there may be no JavaScript) shows itself.
  document.addEventListener("click", (event) => {
    const asked = event.target instanceof Element && event.target.closest("[data-open-assistant]");
    if (asked) asked.dataset.say ? api.send(asked.dataset.say) : api.open();
  });

  function draw() {
    document.body.append(host);
    document.querySelectorAll("[data-open-assistant]").forEach((button) => (button.hidden = false));
    document.dispatchEvent(new CustomEvent("buyer-assistant:ready"));
    if (!who) signOut();
    if (kept(STORE).open) api.open();
    else if (kept(NEWS).follow) watch().catch(() => {});
  }

  if (document.body) draw();
  else document.addEventListener("DOMContentLoaded", draw);
});
