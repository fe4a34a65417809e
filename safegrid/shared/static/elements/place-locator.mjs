// <place-locator><input type="hidden" name="lon"><input type="hidden" name="lat">
// <input type="hidden" name="accuracy"></place-locator>
// Fills the fields from the phone and says how it went. Where there is no position the form goes without.
const WORDS = {
  1: "没有允许定位，不影响提交",
  2: "这里定不了位，不影响提交",
  3: "定位太慢，不影响提交",
};
const PATIENCE = { enableHighAccuracy: true, timeout: 15_000, maximumAge: 30_000 };

customElements.define("place-locator", class extends HTMLElement {
  connectedCallback() {
    this.said = this.appendChild(document.createElement("output"));
    this.said.className = "quiet";
    if (!("geolocation" in navigator) || !window.isSecureContext) {
      this.#say("none", "这台设备不能定位，不影响提交");
      return;
    }
    this.#say("waiting", "正在定位…");
    navigator.geolocation.getCurrentPosition(
      (position) => this.#take(position.coords),
      (error) => this.#say("none", WORDS[error.code] ?? WORDS[2]),
      PATIENCE,
    );
  }

  #take({ longitude, latitude, accuracy }) {
    this.#fill("lon", longitude.toFixed(6));
    this.#fill("lat", latitude.toFixed(6));
    this.#fill("accuracy", Math.round(accuracy));
    this.#say("found", `已定位，误差约${Math.round(accuracy)}米`);
  }

  // The fields stand inside the element, or anywhere in its form.
  #fill(name, value) {
    const field = this.querySelector(`[name$="${name}"]`) ?? this.closest("form")?.elements[name];
    if (field) field.value = value;
  }

  #say(state, text) {
    this.dataset.state = state;
    this.said.textContent = text;
  }
});
