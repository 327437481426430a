// Where the conversation is shown and typed: deep-chat, or plain elements where it couldn't be
// loaded. Both are { element, log, input, text, add, remove, clear, busy, addTool } and call `submit` on Enter and
// on the button; what is shown and sent is decided in chat.js alone.

const ENTER = (event) => event.key === "Enter" && !event.shiftKey && !event.isComposing;

function describeLog(log, words) {
  const attributes = { role: "log", "aria-live": "polite", "aria-label": words.title, tabindex: "0" };
  for (const [name, value] of Object.entries(attributes)) log.setAttribute(name, value);
}

// deep-chat would send by itself, add what was typed as Markdown (which lets links run script), and
// clear it before it arrived. So its submitting is caught, and messages are our own elements in its
// bubbles.
export async function deepChatSurface({ parent, words, styles, submit }) {
  const chat = document.createElement("deep-chat");
  // Set before it is attached, or it asks Google for a font.
  chat.style.fontFamily = "inherit";
  Object.assign(chat.style, { display: "block", width: "100%", height: "100%", border: "0", fontSize: "inherit", backgroundColor: "transparent" });
  chat.connect = { handler: () => {} };
  chat.textInput = { placeholder: { text: words.placeholder } };
  chat.submitButtonStyles = { position: "outside-end" };
  const rendered = new Promise((resolve) => (chat.onComponentRender = resolve));
  parent.append(chat);
  await rendered;
  // On a slow machine it renders once by a timer and anew for its settings, with other elements.
  while (chat._waitingToRender_) await new Promise((resolve) => setTimeout(resolve));
  const inside = chat.shadowRoot;
  inside.adoptedStyleSheets = [...inside.adoptedStyleSheets, ...styles];
  const log = inside.getElementById("messages");
  const input = inside.getElementById("text-input");
  const button = inside.querySelector("#input .input-button");
  describeLog(log, words);
  input.setAttribute("aria-multiline", "true");
  input.setAttribute("aria-label", words.input_label);
  button.setAttribute("aria-label", words.send);

  const caught = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    submit();
  };
  const within = (element, event) => event.composedPath().includes(element);
  inside.addEventListener("keydown", (event) => {
    if (within(input, event) && ENTER(event)) caught(event);
    else if (within(button, event) && (event.key === "Enter" || event.key === " ")) caught(event);
  }, true);
  inside.addEventListener("click", (event) => {
    if (within(button, event)) caught(event);
  }, true);

  return {
    element: chat,
    log,
    input,
    get text() {
      return input.innerText.replace(/\n$/, "");
    },
    set text(text) {
      input.innerText = text;
      input.dispatchEvent(new Event("input", { bubbles: true }));
    },
    add(row, who) {
      chat.addMessage({ html: "<div></div>", role: who === "buyer" ? "user" : "ai" });
      const bubbles = log.querySelectorAll(".message-bubble");
      bubbles[bubbles.length - 1].replaceChildren(row);
    },
    remove(row) {
      const outer = row.closest(".outer-message-container");
      (outer || row).remove();
    },
    clear() {
      chat.clearMessages();
      log.querySelectorAll(".outer-message-container").forEach((outer) => outer.remove());
    },
    busy(on) {
      button.toggleAttribute("data-busy", on);
    },
    addTool(tool) {
      inside.getElementById("text-input-container").after(tool);
    },
  };
}

export function plainSurface({ parent, words, submit, make }) {
  const log = make("div", { class: "chat-log" });
  describeLog(log, words);
  const input = make("textarea", { rows: "1", autocomplete: "off", placeholder: words.placeholder, "aria-label": words.input_label });
  const send = make("button", { type: "submit", class: "chat-send" }, words.send);
  const form = make("form", { class: "chat-form" }, input, send);
  const element = make("div", { class: "chat-plain" }, log, form);
  const grow = () => (input.rows = Math.min(5, input.value.split("\n").length + Math.floor(input.value.length / 42)));
  input.addEventListener("input", grow);
  input.addEventListener("keydown", (event) => {
    if (!ENTER(event)) return;
    event.preventDefault();
    submit();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  parent.append(element);
  return {
    element,
    log,
    input,
    get text() {
      return input.value;
    },
    set text(text) {
      input.value = text;
      grow();
    },
    add: (row) => log.append(row),
    remove: (row) => row.remove(),
    clear: () => log.replaceChildren(),
    busy: (on) => (send.disabled = on),
    addTool: (tool) => input.after(tool),
  };
}
