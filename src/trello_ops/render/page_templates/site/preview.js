// Puts what the server sends in place of what is shown, and says whether the page is live.
"use strict";

const part = document.getElementById("part");
const live = document.getElementById("live");
const source = new EventSource(part.dataset.changes);

function say(state) {
  live.textContent = live.dataset[state];
}

source.onopen = () => say("on");
source.onerror = () => say(source.readyState === EventSource.CLOSED ? "over" : "lost");
source.onmessage = (event) => {
  part.innerHTML = JSON.parse(event.data);
};
