/* Six digits and the form goes off by itself. */
export default function pin(form) {
  const field = form.querySelector("input.pin");
  const send = () => /^\d{6}$/.test(field.value) && form.requestSubmit();
  field?.addEventListener("input", send);
  return () => field?.removeEventListener("input", send);
}
