// <photo-field><input type="file" accept="image/*" multiple></photo-field>
// Shrinks pictures to 1600 px before they are sent and shows them. Without script the input works as it is.
const SIDE = 1600;
const SMALL = 400_000;

customElements.define("photo-field", class extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input[type=file]");
    if (!this.input) return;
    this.said = this.appendChild(document.createElement("output"));
    this.said.className = "quiet";
    this.thumbs = this.appendChild(document.createElement("div"));
    this.thumbs.className = "thumbs";
    this.input.addEventListener("change", () => this.#take());
  }

  async #take() {
    const chosen = [...this.input.files];
    this.said.textContent = chosen.length ? "正在缩小照片…" : "";
    const ready = await Promise.all(chosen.map(shrink));
    this.#put(ready);
    this.#show(ready);
    this.said.textContent = ready.length ? `${ready.length}张照片，共${size(ready)}` : "";
  }

  #put(files) {
    const box = new DataTransfer();
    for (const file of files) box.items.add(file);
    this.input.files = box.files;
  }

  #show(files) {
    for (const old of this.thumbs.children) URL.revokeObjectURL(old.src);
    this.thumbs.replaceChildren(...files.map((file, index) => {
      const image = document.createElement("img");
      image.src = URL.createObjectURL(file);
      image.alt = `第${index + 1}张照片`;
      return image;
    }));
  }
});

// The picture at most SIDE pixels long; what the browser can't draw goes as it is.
async function shrink(file) {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
    if (scale === 1 && file.size < SMALL) return file;
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    const name = file.name.replace(/\.\w+$/, "") + ".jpg";
    return new File([blob], name, { type: "image/jpeg", lastModified: file.lastModified });
  } catch {
    return file;
  }
}

function size(files) {
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  return bytes > 1e6 ? `${(bytes / 1e6).toFixed(1)}MB` : `${Math.ceil(bytes / 1e3)}KB`;
}
