// Counts each channel's post while the editor types. The server counts, with the code that
// sends, so what stands here is what the network will say.
(() => {
  const { Controller } = window.StimulusModule;
  const PAUSE = 500;

  class PostCounter extends Controller {
    static targets = ["words", "count", "findings", "said"];
    static values = { url: String };

    connect() {
      this.form = this.element.closest("form");
      this.later = () => {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.count(), PAUSE);
      };
      this.form.addEventListener("input", this.later);
    }

    disconnect() {
      clearTimeout(this.timer);
      this.form.removeEventListener("input", this.later);
    }

    async count() {
      const summary = this.form.querySelector('[name="summary"]');
      const body = new FormData();
      for (const words of this.wordsTargets) {
        const channel = words.dataset.channel;
        body.append(`words-${channel}`, words.value || summary.value);
        if (this.element.querySelector(`[name$="-open"][value="${channel}"]`)?.checked) {
          body.append(`open-${channel}`, "on");
        }
      }
      let counts;
      try {
        const answer = await fetch(this.urlValue, {
          method: "POST",
          body,
          headers: { [window.wagtailConfig.CSRF_HEADER_NAME]: window.wagtailConfig.CSRF_TOKEN },
        });
        if (!answer.ok) return;
        counts = await answer.json();
      } catch {
        return;
      }
      this.show(counts);
    }

    show(counts) {
      const spoken = [];
      for (const [channel, post] of Object.entries(counts)) {
        const here = (target) => target.dataset.channel === channel;
        const count = this.countTargets.find(here);
        const findings = this.findingsTargets.find(here);
        count.textContent = post.sentence;
        findings.replaceChildren(
          ...post.problems.map((problem) => {
            const item = document.createElement("li");
            item.textContent = problem;
            return item;
          }),
        );
        this.wordsTargets.find(here).setAttribute("aria-invalid", String(post.problems.length > 0));
        spoken.push(`${post.name}: ${post.short}`);
      }
      this.saidTarget.textContent = spoken.join(". ");
    }
  }

  window.wagtail.app.register("post-counter", PostCounter);
})();
