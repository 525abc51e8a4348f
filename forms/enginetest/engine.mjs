// Fills forms with @getodk/xforms-engine, so that a test can compare what it
// makes of an XForm and a list of answers with what we make of them.
//
// Reads one JSON request a line, writes one JSON answer a line:
//
//   {"xform": "<h:html>...", "files": {"places.csv": "..."},
//    "steps": [{"path": "/data/age[1]", "value": "30"}, {"path": "/data/trip", "add": 1}]}
//   {"error": null, "refused": [...], "nodes": [{"path","value","relevant","required"}], "xml": "<data>..."}
//
// Dates and times are given as they are written in an answer document.
import { createInterface } from 'node:readline';
import { createRequire } from 'node:module';

const modules = process.argv[2]; // the folder that holds node_modules
const require = createRequire(modules + '/');
const { JSDOM } = require('jsdom');

const dom = new JSDOM('');
globalThis.window = dom.window;
globalThis.document = dom.window.document;
for (const name of ['DOMParser', 'XMLSerializer', 'Node', 'Element', 'Document', 'XMLDocument',
	'Text', 'Attr', 'Comment', 'CDATASection', 'ProcessingInstruction', 'XPathResult', 'XPathEvaluator']) {
	globalThis[name] ??= dom.window[name];
}

// The engine's expression parser loads its WebAssembly as a browser does only
// where it sees no process; the published build has no other way in.
const node = process;
globalThis.process = undefined;
const { loadForm } = await import('file://' + modules + '/node_modules/@getodk/xforms-engine/dist/index.js');
globalThis.process = node;

function resource(files) {
	return async (url) => {
		const name = String(url).replace(/^jr:\/\/[^/]+\//, '');
		const text = files?.[name];
		if (text === undefined) return new Response('', { status: 404 });
		const type = name.endsWith('.csv') ? 'text/csv' : name.endsWith('.geojson') ? 'application/geo+json' : 'text/xml';
		return new Response(text, { status: 200, headers: { 'content-type': type } });
	};
}

// plain takes [1] away, so that both sides name a node alike.
const plain = (path) => path.replaceAll('[1]', '');

function visit(of, see) {
	see(of);
	for (const child of of.currentState.children ?? []) visit(child, see);
}

function find(root, path) {
	let found = null;
	visit(root, (n) => {
		if (!found && plain(n.currentState.reference) === plain(path) && n.nodeType !== 'repeat-instance') found = n;
	});
	return found;
}

function answer(n, value) {
	switch (n.nodeType) {
		case 'select':
			return n.selectValues(value === '' ? [] : value.split(' '));
		case 'rank':
			return n.setValues(value === '' ? [] : value.split(' '));
		case 'trigger':
			return n.setValue(value === 'OK');
		case 'input':
		case 'range':
			switch (n.valueType) {
				case 'int':
					return n.setValue(value === '' ? null : BigInt(value));
				case 'decimal':
					return n.setValue(value === '' ? null : Number(value));
				default:
					return n.setValue(value);
			}
		default:
			throw new Error('no answer is given to a ' + n.nodeType);
	}
}

function apply(root, step, refused) {
	const n = find(root, step.path);
	if (!n) return refused.push({ path: step.path, why: 'no such node' });
	try {
		if (step.add) n.addInstances(n.currentState.children.length - 1, step.add);
		else answer(n, step.value);
	} catch (err) {
		refused.push({ path: step.path, why: String(err?.message ?? err) });
	}
}

// The form that was loaded last: its documents come one after another.
let last = { xform: null, form: null };

async function load(request) {
	if (request.xform !== last.xform) {
		const form = await loadForm(request.xform, {
			fetchFormAttachment: resource(request.files),
			missingResourceBehavior: 'BLANK',
		});
		last = { xform: request.xform, form };
	}
	return last.form;
}

async function run(request) {
	const form = await load(request);
	if (form.status === 'failure') return { error: String(form.error?.message ?? form.error) };
	const { root } = form.createInstance({ preloadProperties: { deviceID: 'device', username: 'user', email: 'mail', phoneNumber: '000' } });
	const refused = [];
	for (const step of request.steps ?? []) apply(root, step, refused);
	const nodes = [];
	visit(root, (n) => {
		const s = n.currentState;
		if (String(n.nodeType).startsWith('repeat-range')) return;
		nodes.push({
			path: plain(s.reference),
			kind: n.nodeType,
			value: s.children === null ? (s.instanceValue ?? null) : null,
			relevant: s.relevant,
			required: s.required,
			choices: n.nodeType === 'select' ? s.valueOptions.map((o) => o.value) : undefined,
		});
	});
	const payload = await root.prepareInstancePayload({ payloadType: 'monolithic' });
	const file = payload.data[0].get('xml_submission_file');
	return { error: null, refused, nodes, violations: (payload.violations ?? []).map((v) => plain(v.reference)), xml: await new Promise((done, fail) => {
		const reader = new dom.window.FileReader();
		if (typeof file.text === 'function') return file.text().then(done, fail);
		reader.onload = () => done(reader.result);
		reader.onerror = fail;
		reader.readAsText(file);
	}) };
}

for await (const line of createInterface({ input: process.stdin, terminal: false })) {
	let out;
	try {
		out = await run(JSON.parse(line));
	} catch (err) {
		out = { error: String(err?.message ?? err) };
	}
	process.stdout.write(JSON.stringify(out) + '\n');
}
