// Search works without a server too: from the file system, browsers refuse workers, so a hidden frame stands in for one.
if (location.protocol === "file:") {
  // By the second name, Material’s worker knows that its paths are not those of a worker.
  window.Worker = window.IFrameWorker = class extends EventTarget {
    constructor(script) {
      super()
      const frame = document.body.appendChild(Object.assign(document.createElement("iframe"), { hidden: true }))
      const inside = frame.contentWindow
      const load = (url) =>
        new Promise((resolve, reject) => {
          const tag = inside.document.createElement("script")
          inside.document.head.appendChild(Object.assign(tag, { src: url, onload: resolve, onerror: reject }))
        })
      inside.importScripts = (...urls) => urls.reduce((before, url) => before.then(() => load(url)), Promise.resolve())
      inside.postMessage = (data) => this.dispatchEvent(new MessageEvent("message", { data }))
      this.inside = inside
      this.ready = load(script)
    }
    postMessage(data) {
      this.ready.then(() => this.inside.dispatchEvent(new MessageEvent("message", { data })))
    }
  }
}
