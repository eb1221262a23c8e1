/* Passkeys: asks the browser for a new one, or for proof by one, and sends what it answers with the form. An island on
   a hidden form: data-do is "add" or "prove"; its options stand in the JSON script data-options names, or come from the
   form's address or that of data-from. data-do "step" is a part of a form that wants a proof: its button puts one into the
   form, and sends it where data-send says so. A browser without passkeys (WeChat's, for one) never sees the form, and all else on the page works.
   On anything but a form it only shows what needs passkeys. */
const encode = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const decode = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
const named = (list = []) => list.map((item) => ({ ...item, id: decode(item.id) }));

function creation({ publicKey }) {
  return {
    ...publicKey,
    challenge: decode(publicKey.challenge),
    user: { ...publicKey.user, id: decode(publicKey.user.id) },
    excludeCredentials: named(publicKey.excludeCredentials),
    authenticatorSelection: { ...publicKey.authenticatorSelection, residentKey: "preferred", requireResidentKey: false },
  };
}

function request({ publicKey }) {
  return { ...publicKey, challenge: decode(publicKey.challenge), allowCredentials: named(publicKey.allowCredentials) };
}

/* The credential as plain JSON, in the names of the WebAuthn specification. */
function plain(credential) {
  const { response } = credential;
  const told = { clientDataJSON: encode(response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) told[name] = encode(response[name]);
  }
  if (response.getTransports) told.transports = response.getTransports();
  return {
    id: credential.id,
    rawId: encode(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: told,
  };
}

async function optionsOf(form) {
  if (form.dataset.options) return JSON.parse(document.getElementById(form.dataset.options).textContent);
  const answer = await fetch(form.dataset.from || form.action, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  const { options, request_options: known } = await answer.json();
  return options || known;
}

async function ask(el) {
  const options = await optionsOf(el);
  const credential = el.dataset.do === "add"
    ? await navigator.credentials.create({ publicKey: creation(options) })
    : await navigator.credentials.get({ publicKey: request(options) });
  el.querySelector("[name=credential], [name=seat_passkey]").value = JSON.stringify(plain(credential));
  if (el.dataset.do !== "step") el.submit();
  else proved(el);
}

/* The proof lies in the form: no PIN is asked for, and the act goes on by its own button. */
function proved(el) {
  const { form } = el.querySelector("button");
  el.querySelector("[data-done]").hidden = false;
  el.querySelector("button").hidden = true;
  for (const pin of form.querySelectorAll("[name=seat_pin]")) {
    pin.disabled = true;
    pin.closest("[data-pin-way]").hidden = true;
  }
  if ("send" in el.dataset) form.requestSubmit();
}

/* What went wrong, in the words of the page; whoever closed the browser's own dialog is told nothing new. */
function say(form, error) {
  const box = form.querySelector("[data-fault]");
  if (!box) return;
  const cause = { NotAllowedError: "refused", AbortError: "refused", InvalidStateError: "known" }[error.name] || "failed";
  box.textContent = box.dataset[cause];
  box.hidden = false;
}

/* Passkeys belong to a name: under a bare address browsers refuse them. */
function known() {
  const isAddress = /^[\d.]+$|:/.test(location.hostname);
  return window.isSecureContext && window.PublicKeyCredential && navigator.credentials && !isAddress;
}

export default function passkey(form) {
  if (!known()) {
    document.querySelectorAll("[data-without-passkeys]").forEach((el) => { el.hidden = false; });
    return;
  }
  form.hidden = false;
  document.querySelectorAll("[data-with-passkeys]").forEach((el) => { el.hidden = false; });
  if (!form.dataset.do) return;
  form.addEventListener(form.dataset.do === "step" ? "click" : "submit", async (event) => {
    const button = event.submitter || form.querySelector("button");
    if (event.type === "click" && !button.contains(event.target)) return;
    event.preventDefault();
    button.disabled = true;
    try {
      await ask(form);
    } catch (error) {
      say(form, error);
    } finally {
      button.disabled = false;
    }
  });
}
