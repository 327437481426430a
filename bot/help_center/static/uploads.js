// Photos, videos and documents that the buyer adds: by button, by drop, by paste. Each goes to
// POST /evidence by itself; when all of a batch have arrived or failed, one turn tells the assistant.

const STALLED = 70000; // milliseconds without progress after which a connection counts as lost
const MEGABYTE = 1000000;
const ACCEPT = "image/*,video/*,application/pdf,.heic,.heif"; // no `capture`: it would hide the gallery
const DRAWN = {
  clip: "M16.5 6.5v9.8a4.5 4.5 0 0 1-9 0V5.8a3 3 0 0 1 6 0v9.7a1.5 1.5 0 0 1-3 0V6.5",
  photo: "M4 6h16v12H4zM4 15l4.5-4.5 4 4 2.5-2.5L20 17M15.5 9.5h.01",
  video: "M4 6h11v12H4zM15 10.5l5-3v9l-5-3",
  document: "M7 3h7l4 4v14H7zM14 3v4h4M10 12h5M10 16h5",
};

function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const path = document.createElementNS(space, "path");
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", width: "24", height: "24", "aria-hidden": "true" })) svg.setAttribute(key, value);
  path.setAttribute("d", DRAWN[name] || DRAWN.document);
  svg.append(path);
  return svg;
}

// What a file most likely is; the server looks inside and has the last word.
function kindOf(file) {
  const type = String(file.type);
  if (type.startsWith("image/") || /\.hei[cf]$/i.test(file.name)) return "photo";
  return type.startsWith("video/") ? "video" : "document";
}

// Draws files of a conversation. A file is { id, kind, name, thumbnail }, as the server answered.
export function shelf({ make, words, url }) {
  // A preview by its address on the server; where that has expired, an icon.
  function preview(file) {
    const frame = make("span", { class: "chat-thumb" }, icon(file.kind));
    if (!file.thumbnail) return frame;
    const src = url(String(file.thumbnail).replace(/^\/+/, ""));
    const image = make("img", { src, alt: words.preview.replace("{file}", file.name), width: "56", height: "56" });
    image.addEventListener("error", () => image.replaceWith(icon(file.kind)));
    frame.replaceChildren(image);
    return frame;
  }

  function tile(file, ...more) {
    const told = make("div", { class: "chat-told" }, make("span", { class: "chat-name" }, String(file.name)), ...more);
    return make("li", { class: "chat-tile", "data-kind": file.kind }, preview(file), told);
  }

  // `onRemove(file, tile)` puts a button beside each file.
  function tiles(files, onRemove) {
    const removing = (file) => make("button", { type: "button", class: "chat-remove", "aria-label": words.remove.replace("{file}", file.name), onclick: (event) => onRemove(file, event.target.closest("li")) }, words.remove_short);
    return make("ul", { class: "chat-tiles" }, ...files.map((file) => tile(file, onRemove && removing(file))));
  }

  // "2 photos, 1 video"
  function told(files) {
    return ["photo", "video", "document"].map((kind) => {
      const n = files.filter((file) => file.kind === kind).length;
      return n ? words[n === 1 ? kind : kind + "s"].replace("{n}", n) : "";
    }).filter(Boolean).join(", ");
  }

  return { tile, tiles, told };
}

// Lets the buyer add files. `chat` is what chat.js offers: { make, words, limits, url, panel, surface,
// shelf, drawn, connect, token, anew, exchange, note, keep, enter, toEnd }.
export function uploader(chat) {
  const { make, words, limits, url, panel, surface, shelf } = chat;
  const batches = new Set();
  const picker = make("input", { type: "file", accept: ACCEPT, multiple: "", hidden: "" });
  const attach = make("button", { type: "button", class: "chat-attach", "aria-label": words.attach, title: words.attach, onclick: pick }, icon("clip"));
  const target = make("div", { class: "chat-drop", hidden: "", "aria-hidden": "true" }, icon("photo"), make("p", {}, words.drop));
  panel.append(picker, target);
  surface.addTool(attach);
  picker.addEventListener("change", () => {
    const files = [...picker.files];
    picker.value = ""; // so that the same file can be chosen again
    add(files);
  });

  function pick() {
    picker.click();
  }

  // --- drop and paste ---
  let within = 0;
  function drag(name, step) {
    panel.addEventListener(name, (event) => {
      if (!event.dataTransfer || ![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();
      event.stopPropagation();
      within = name === "drop" ? 0 : Math.max(0, within + step);
      target.hidden = within === 0;
      if (name === "drop") add([...event.dataTransfer.files]);
    }, true);
  }
  drag("dragenter", 1);
  drag("dragover", 0);
  drag("dragleave", -1);
  drag("drop", 0);
  panel.addEventListener("paste", (event) => {
    const files = event.clipboardData ? [...event.clipboardData.files] : [];
    if (!files.length) return;
    event.preventDefault();
    event.stopPropagation();
    add(files);
  }, true);

  // --- a batch: the files chosen together, told to the assistant in one turn ---
  async function add(files) {
    if (!files.length) return;
    chat.enter();
    const some = files.slice(0, limits.count);
    const list = make("ul", { class: "chat-tiles" });
    const caption = make("p", {}, words.adding);
    const batch = { list, caption, row: chat.drawn(caption, list), files: [], parts: some.map(partOf) };
    list.append(...batch.parts.map((part) => part.element));
    if (files.length > some.length) list.append(make("li", { class: "chat-tile" }, words.too_many.replace("{n}", limits.count)));
    batches.add(batch);
    surface.add(batch.row, "buyer");
    chat.toEnd();
    remember();
    await sendAll(batch);
    await tell(batch);
  }

  async function sendAll(batch) {
    for (const part of batch.parts) {
      if (part.state === "waiting") await send(batch, part);
      remember();
    }
  }

  // One file on its way: { file, element, state: waiting | done | failed | gone }.
  function partOf(file) {
    const name = file.name;
    const bar = make("progress", { max: "100", value: "0", "aria-label": name });
    const told = make("span", { class: "chat-state" });
    const stop = make("button", { type: "button", "aria-label": words.cancel.replace("{file}", name), onclick: () => drop(part) }, words.cancel_short);
    const kind = kindOf(file);
    const part = { file, state: "waiting", bar, told, stop, element: shelf.tile({ kind, name }, bar, told, stop), request: null };
    if (file.size > limits[kind]) refuse(part, words.too_large.replace("{mb}", Math.floor(limits[kind] / MEGABYTE)));
    return part;
  }

  // Takes a file out that isn't on the server; its row goes with the last of them.
  function drop(part) {
    part.state = "gone";
    if (part.request) part.request.abort();
    const row = part.element.closest(".chat-entry");
    part.element.remove();
    if (row && !row.querySelector(".chat-tile")) surface.remove(row);
    chat.enter();
  }

  function refuse(part, sentence) {
    part.state = "failed";
    part.bar.remove();
    part.stop.remove();
    part.told.textContent = sentence;
  }

  // The file stays in memory, and trying again makes it a batch of its own.
  function lose(part, sentence) {
    refuse(part, sentence);
    const label = `${words.retry}: ${part.file.name}`;
    const again = () => {
      drop(part);
      add([part.file]);
    };
    part.told.after(make("button", { type: "button", "aria-label": label, onclick: again }, words.retry));
  }

  async function send(batch, part) {
    const answer = await attempt(part);
    if (part.state === "gone") return;
    if (!answer) return lose(part, words.upload_lost);
    if (answer.status === 401 && !batch.isAnew) return startAnew(batch, answer.messages);
    const got = answer.content.evidence;
    if (got) {
      part.state = "done";
      batch.say = answer.content.say;
      const file = { id: got.id, kind: got.kind, name: got.name, thumbnail: got.thumbnail };
      // The same file sent twice is one file.
      if (!batch.files.some((other) => other.id === file.id)) batch.files.push(file);
      part.bar.remove();
      part.stop.remove();
      part.told.textContent = words.arrived;
      return;
    }
    const sentence = answer.messages.map((message) => message.text).join(" ");
    // A server that is busy may take it later.
    (answer.status === 429 || answer.status >= 500 ? lose : refuse)(part, sentence);
  }

  // The chat had ended: a new one begins, and all of the batch goes there.
  async function startAnew(batch, messages) {
    const parts = batch.parts.filter((part) => ["done", "waiting"].includes(part.state)).map((part) => partOf(part.file));
    Object.assign(batch, { isAnew: true, files: [], parts });
    batch.list.replaceChildren(...parts.map((part) => part.element));
    await chat.anew(messages);
    surface.add(batch.row, "buyer");
    await sendAll(batch);
  }

  // Sends one file; gives { status, content, messages }, or null when the connection was lost.
  async function attempt(part) {
    const refused = await chat.connect().catch(() => ({ lost: true }));
    if (refused) return refused.lost ? null : { status: refused.status, messages: refused.messages, content: {} };
    if (part.state === "gone") return null;
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      let timer = null;
      const watch = () => {
        clearTimeout(timer);
        timer = setTimeout(() => request.abort(), STALLED);
      };
      const end = (answer) => {
        clearTimeout(timer);
        part.request = null;
        resolve(answer);
      };
      part.request = request;
      request.open("POST", url("evidence"));
      request.setRequestHeader("Authorization", "Bearer " + chat.token());
      request.responseType = "json";
      request.upload.addEventListener("progress", (event) => {
        watch();
        part.bar.value = event.total ? Math.round((100 * event.loaded) / event.total) : 0;
      });
      request.upload.addEventListener("load", () => {
        watch();
        part.bar.removeAttribute("value"); // the server looks at it now, for as long as it takes
      });
      request.addEventListener("load", () => {
        const content = request.response || {};
        const isOurs = content.evidence || content.messages;
        end(isOurs ? { status: request.status, content, messages: content.messages || [] } : null);
      });
      for (const name of ["error", "abort", "timeout"]) request.addEventListener(name, () => end(null));
      const form = new FormData();
      form.append("file", part.file, part.file.name);
      watch();
      request.send(form);
    });
  }

  // --- what the assistant is told ---
  // What has arrived becomes the buyer's turn; what failed stays where it is, with its reason.
  async function tell(batch) {
    batch.parts.filter((part) => part.state === "done").forEach((part) => part.element.remove());
    batch.caption.textContent = words.not_added;
    batch.row.dataset.state = "failed";
    if (!batch.list.children.length) surface.remove(batch.row);
    else chat.toEnd();
    const taken = () => {
      batches.delete(batch);
      remember();
    };
    if (batch.files.length) await chat.exchange(turnOf(batch.files, batch.say, taken));
    else taken();
  }

  function turnOf(files, say, taken) {
    return { shown: words.added.replace("{what}", shelf.told(files)), message: say, files, taken };
  }

  // A reload can't bring back a file that was on its way, but tells of it, and of what had arrived.
  function remember() {
    const all = [...batches];
    const waiting = all.flatMap((batch) => batch.parts.filter((part) => part.state === "waiting").map((part) => part.file.name));
    const files = all.flatMap((batch) => batch.files);
    const last = all.find((batch) => batch.say);
    chat.keep(waiting.length || files.length ? { waiting, files, say: last && last.say } : null);
  }

  async function resume(kept) {
    const taken = () => chat.keep(null);
    if (kept.files.length) await chat.exchange(turnOf(kept.files, kept.say, taken));
    else taken();
    if (kept.waiting.length) chat.note(words.reloaded.replace("{files}", kept.waiting.join(", ")));
  }

  // Takes a file back: from the server first, then from what is shown and kept.
  async function remove(entry, file, tile) {
    const options = { method: "DELETE", headers: { Authorization: "Bearer " + chat.token() }, credentials: "omit" };
    const answer = await fetch(url("evidence/" + encodeURIComponent(file.id)), options)
      .then((response) => (response.ok ? {} : response.json()), () => ({ messages: [{ text: words.offline }] }));
    const messages = answer.messages || [];
    if (messages.length) return chat.note(messages.map((message) => message.text).join(" "));
    entry.message.files = entry.message.files.filter((other) => other.id !== file.id);
    tile.remove();
    chat.enter();
    return chat.exchange({ shown: words.removed.replace("{file}", file.name), message: entry.message.say });
  }

  // Another buyer is here now: nothing of what was chosen may go on.
  function forget() {
    for (const batch of batches) {
      batch.files = [];
      for (const part of batch.parts) {
        part.state = "gone";
        if (part.request) part.request.abort();
      }
    }
    batches.clear();
  }

  return { pick, resume, remove, forget };
}
