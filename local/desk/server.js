// Talks to the desk's server: questions out, and what changes in as it happens.

async function fetchJson(address, options) {
  const answer = await fetch(address, { cache: "no-store", ...options });
  const said = await answer.json();
  if (!answer.ok && !said.error) throw new Error(said.message ?? `${answer.status}`);
  return said;
}

/** What came of a question (`asking.ask` says what it holds); a desk that is gone is an error like the others. */
export async function interact(question) {
  try {
    return await fetchJson("/desk/interact", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(question),
    });
  } catch (fault) {
    return { error: "desk", message: `The desk's own server does not answer (${fault.message}). Is the stack running?` };
  }
}

/** Puts a chosen file where an option can name it; its id. */
export async function upload(file) {
  const said = await fetchJson(`/desk/uploads/${encodeURIComponent(file.name)}`, {
    method: "PUT",
    headers: { "Content-Type": file.type || "application/octet-stream" },
    body: file,
  });
  return said.id;
}

export function latest(channel, user, before = "") {
  const query = new URLSearchParams({ channel, user, ...(before && { before }) });
  return fetchJson(`/desk/messages?${query}`);
}

export function lookUp(user) {
  return fetchJson(`/desk/state?${new URLSearchParams({ user })}`);
}

/** Calls *heard* back with what *user* may see; *connected* whenever the line is up (again). Returns how to hang up. */
export function listen(user, { connected, lost, message, deleted, state }) {
  const line = new EventSource(`/desk/events?${new URLSearchParams({ user })}`);
  line.addEventListener("open", connected);
  line.addEventListener("error", lost);
  line.addEventListener("message", (event) => { if (event.data) message(JSON.parse(event.data)); });
  line.addEventListener("deleted", (event) => deleted(JSON.parse(event.data)));
  line.addEventListener("state", state);
  return () => line.close();
}
