// The marks that stand behind rules and members in this folder say how a fact is known:
//
// - LIVE: an answer of the API itself is on record, mostly a 400 quoted in a public issue; it counts more than all others.
// - SPEC: Groq's OpenAPI document, as vendored by github.com/tryAGI/Groq, commit 9b4542ef of 2026-06-22. What Groq enforces
//   of it was seen in recorded 400s: types, null, required members, ranges, lengths, lists of values, closed objects.
// - SDK: the package groq 1.7.0 from PyPI.
// - REF: https://console.groq.com/docs/api-reference#chat-create, taken on 2026-11-21.
// - COMPAT: https://console.groq.com/docs/openai, which names what Groq does not take of OpenAI's parameters.
//
// A fact without a mark is from SPEC, and any other source stands beside its fact as a URL.
