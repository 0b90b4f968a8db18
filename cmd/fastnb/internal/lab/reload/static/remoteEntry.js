// An extension of JupyterLab, written by hand as what its bundler would make of one.
//
// JupyterLab forgets, when its page is loaded again, which cell of a notebook is running and what that cell has shown:
// the kernel goes on, and all that it sends is thrown away. This extension leaves a note of it in the browser when the
// page goes, and from the note puts the outputs back and takes up the kernel's messages when it comes again. What the
// kernel sends while there is no page is lost; a display that is updated, as the bar of a fit, shows the next update.
(() => {
  const key = kernel => `fastnb-reload:${kernel}`;

  // Runs are the executions in one notebook that are under way.
  class Runs {
    constructor(panel) {
      this.panel = panel;
      this.counts = new Map(); // message of the execution -> the number that it has in the notebook
      this.taken = new Map(); // message of an execution that an earlier page began -> its cell, and displays by name
      panel.sessionContext.iopubMessage.connect((_, message) => this.hear(message));
      panel.sessionContext.kernelChanged.connect(() => this.takeUp());
      window.addEventListener('pagehide', () => this.note());
      this.takeUp();
    }

    get kernel() {
      return this.panel.sessionContext.session?.kernel;
    }

    hear(message) {
      const run = message.parent_header?.msg_id;
      const { msg_type: type } = message.header;
      if (type === 'execute_input') {
        this.counts.set(run, message.content.execution_count);
      }
      if (this.taken.has(run)) {
        this.show(this.taken.get(run), type, message.content);
      }
      if (type === 'status' && message.content.execution_state === 'idle') {
        this.end(run);
      }
    }

    // show does with an output what JupyterLab would.
    show({ cell, displays }, type, content) {
      const { outputs } = cell.model;
      const { transient, ...output } = content;
      const name = transient?.display_id;
      switch (type) {
        case 'update_display_data':
          if (name in displays) {
            outputs.set(displays[name], { ...output, output_type: 'display_data' });
            return;
          }
          type = 'display_data';
        // falls through
        case 'stream':
        case 'display_data':
        case 'execute_result':
        case 'error':
          outputs.add({ ...output, output_type: type });
          if (name) {
            displays[name] = outputs.length - 1;
          }
          return;
        case 'clear_output':
          outputs.clear(content.wait);
      }
    }

    end(run) {
      const taken = this.taken.get(run);
      if (taken) {
        taken.cell.model.executionState = 'idle';
        taken.cell.model.executionCount = this.counts.get(run) ?? null;
      }
      this.taken.delete(run);
      this.counts.delete(run);
    }

    // note writes down what runs.
    note() {
      if (!this.kernel) {
        return;
      }
      const runs = [...this.taken].map(([run, { cell, displays }]) => ({ run, cell, displays }));
      for (const cell of this.panel.content.widgets) {
        const run = cell.outputArea?.future?.msg.header.msg_id;
        if (this.counts.has(run)) {
          const displays = [...cell.outputArea._displayIdMap].map(([name, at]) => [name, at.at(-1)]);
          runs.push({ run, cell, displays: Object.fromEntries(displays) });
        }
      }
      const notes = runs.map(({ run, cell, displays }) => ({
        run,
        displays,
        count: this.counts.get(run),
        cell: cell.model.id,
        outputs: cell.model.outputs.toJSON()
      }));
      localStorage.removeItem(key(this.kernel.id));
      if (notes.length > 0) {
        localStorage.setItem(key(this.kernel.id), JSON.stringify(notes));
      }
    }

    // takeUp goes on where a note says.
    async takeUp() {
      const { kernel } = this;
      const notes = JSON.parse((kernel && localStorage.getItem(key(kernel.id))) || '[]');
      if (notes.length === 0) {
        return;
      }
      localStorage.removeItem(key(kernel.id));
      for (const { run, displays, count, cell: id, outputs } of notes) {
        const cell = this.panel.content.widgets.find(cell => cell.model.id === id);
        if (cell) {
          cell.model.trusted = true; // its outputs were made by who ran it
          cell.model.outputs.fromJSON(outputs);
          cell.model.executionState = 'running';
          this.counts.set(run, count);
          this.taken.set(run, { cell, displays });
        }
      }
      const { baseUrl } = kernel.serverSettings;
      const { execution_state: state } = await (await fetch(`${baseUrl}api/kernels/${kernel.id}`)).json();
      if (state === 'idle') {
        [...this.taken.keys()].forEach(run => this.end(run)); // it ended while there was no page
      }
    }
  }

  const followed = new WeakSet();

  async function follow(widget) {
    if (followed.has(widget) || !widget.content?.widgets || !widget.sessionContext || !widget.context) {
      return;
    }
    followed.add(widget);
    await widget.context.ready;
    await widget.revealed;
    new Runs(widget);
  }

  const plugin = {
    id: 'fastnb-reload:plugin',
    description: 'Takes up a running cell when the page is loaded again.',
    autoStart: true,
    activate: app => {
      const look = () => [...app.shell.widgets('main')].forEach(follow);
      app.shell.layoutModified.connect(look);
      app.restored.then(look);
    }
  };

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB['fastnb-reload'] = { init: () => {}, get: async () => () => ({ __esModule: true, default: plugin }) };
})();
