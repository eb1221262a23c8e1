/* Passkeys: asks the browser for a new one, or for proof by one, and sends what it answers with the form. An island on
   a hidden form: data-do is "add" or "prove"; its options stand in the JSON script data-options names, or come from the
   form's address. A browser without passkeys (WeChat's, for one) never sees the form, and all else on the page works.
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
    authenticatorSelection: { ...publicKey.authenticatorSelection, residentKey: "preferred", requireResidentKey: false, userVerification: "preferred" },
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
  const answer = await fetch(form.action, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return (await answer.json()).request_options;
}

async function ask(form) {
  const options = await optionsOf(form);
  const credential = form.dataset.do === "add"
    ? await navigator.credentials.create({ publicKey: creation(options) })
    : await navigator.credentials.get({ publicKey: request(options) });
  form.elements.credential.value = JSON.stringify(plain(credential));
  form.submit();
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
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
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
