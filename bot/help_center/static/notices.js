// What the assistant says without having been asked: a request moved on, a person answered. Asks the
// server now and then, and counts on the launcher what the buyer hasn't seen. It works before the chat
// is loaded: what comes then waits for it.

const QUICK = 5000; // milliseconds between two questions, while there is something to wait for
const SLOW = 30000;
const SLOWEST = 300000; // after failures
const PATIENCE = 20000;
const NOTHING = { token: "", ends: 0, after: 0, follow: false, unread: 0, waiting: [] };

// Gives { session, follow, attach, opened, spoke }.
export function start({ words, store, url, root, launcher }) {
  let kept = load();
  let show = null;
  let isOpen = false;
  let asking = false;
  let timer = 0;
  let wait = SLOW;
  let asked = 0;

  const count = document.createElement("span");
  count.className = "chat-count";
  count.setAttribute("aria-hidden", "true");
  const status = document.createElement("p");
  status.setAttribute("role", "status");
  Object.assign(status.style, { position: "fixed", clipPath: "inset(50%)", margin: 0 });
  launcher.append(count);
  root.append(status);

  function load() {
    try {
      return Object.assign({}, NOTHING, JSON.parse(sessionStorage.getItem(store)));
    } catch (error) {
      return Object.assign({}, NOTHING);
    }
  }

  function save() {
    try {
      sessionStorage.setItem(store, JSON.stringify(kept));
    } catch (error) {
      // Storage is full or forbidden: a reload tells the notices again.
    }
  }

  // --- what the buyer hasn't seen ---
  function badge() {
    const said = kept.unread === 1 ? words.new_message : words.new_messages.replace("{count}", kept.unread);
    count.textContent = kept.unread || "";
    status.textContent = kept.unread ? said : "";
    if (kept.unread) launcher.setAttribute("aria-label", `${words.open}, ${said}`);
    else launcher.removeAttribute("aria-label");
  }

  function take(answer) {
    kept.after = answer.after;
    if (!isOpen) kept.unread += answer.messages.length;
    if (!show) kept.waiting.push(...answer.messages);
    save();
    badge();
    if (show) show(answer.messages);
  }

  // --- asking ---
  // A chat that is closed with nothing filed, a hidden tab and an ended session ask nothing.
  function mayAsk() {
    const waits = isOpen || kept.follow;
    return kept.token && waits && Date.now() < kept.ends && !document.hidden && navigator.onLine !== false;
  }

  function pace() {
    return kept.follow && isOpen ? QUICK : SLOW;
  }

  function plan(after) {
    clearTimeout(timer);
    // Not all at the same moment, when many tabs came back together.
    if (mayAsk()) timer = setTimeout(ask, after * (0.9 + Math.random() / 5));
  }

  async function ask() {
    if (asking || !mayAsk()) return;
    asking = true;
    asked = Date.now();
    const { token, after } = kept;
    let answer = null;
    try {
      const headers = { Authorization: "Bearer " + token };
      const signal = AbortSignal.timeout(PATIENCE);
      const response = await fetch(url(`notices?after=${after}`), { headers, signal, credentials: "omit" });
      if (response.status === 401) kept.ends = 0;
      if (response.ok) answer = await response.json();
    } catch (error) {
      // No connection; asked again later.
    }
    asking = false;
    if (kept.token !== token) return plan(pace());
    const isNew = answer && answer.messages.length > 0;
    if (answer && answer.after > kept.after) take(answer);
    wait = isNew ? pace() : answer ? Math.min(SLOW, wait * 1.25) : Math.min(SLOWEST, wait * 2);
    plan(wait);
  }

  // Soon, but not more often than QUICK.
  function soon() {
    wait = pace();
    plan(Math.max(0, asked + QUICK - Date.now()));
  }

  document.addEventListener("visibilitychange", soon);
  addEventListener("online", soon);
  badge();
  soon();

  return {
    // The chat's session, and when it ends; a new one has heard nothing yet, a renewed one all.
    session(token, ends, renewed) {
      if (renewed) Object.assign(kept, { token, ends });
      else if (token !== kept.token) kept = Object.assign({}, NOTHING, { token, ends, waiting: [] });
      save();
      badge();
    },
    // From now on there is something to wait for.
    follow() {
      kept.follow = true;
      save();
      soon();
    },
    // The chat is there, and shows what waited for it.
    attach(shows) {
      show = shows;
      const waiting = kept.waiting;
      kept.waiting = [];
      save();
      if (waiting.length) show(waiting);
    },
    opened(on) {
      isOpen = on;
      if (on) kept.unread = 0;
      save();
      badge();
      soon();
    },
    spoke: soon,
  };
}
