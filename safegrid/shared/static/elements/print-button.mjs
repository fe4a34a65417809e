// <print-button hidden><button type="button">打印</button></print-button>
// Shows itself where script runs; elsewhere the browser's own menu prints.
customElements.define("print-button", class extends HTMLElement {
  connectedCallback() {
    this.hidden = false;
    this.addEventListener("click", () => window.print());
  }
});
