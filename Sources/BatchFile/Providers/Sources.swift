// The marks behind rules and members in this folder say how a fact is known:
//
// - LIVE: an answer of the API itself is on record, mostly a 400 in a public issue. It counts more than all others.
// - TAPE: a request that the API answered with 200, or refused, in a recording that the tests of a public project play
//   again, such as pydantic-ai, magentic, ruby_llm, mirascope, paper-qa and braintrust. 5,159 accepted bodies of 42
//   projects were read on 2026-11-26. A newer recording counts more than an older LIVE.
// - SPEC: the provider's OpenAPI document. For Groq this is the copy in github.com/tryAGI/Groq, commit 9b4542ef of
//   2026-06-22. Recorded 400s show that Groq enforces its types, null, required members, ranges, lengths, lists of
//   values and closed objects. For OpenAI it is github.com/openai/openai-openapi, commit f85dbe22 of 2026-08-21,
//   version 2.3.0.
// - SDK: the provider's package on PyPI. For Groq this is groq 1.7.0, and for OpenAI openai 3.57.0, which is newer than
//   SPEC.
// - REF: https://console.groq.com/docs/api-reference#chat-create, taken on 2026-11-21.
// - COMPAT: https://console.groq.com/docs/openai, which names the parameters of OpenAI that Groq does not take.
//
// A fact without a mark is from SPEC. A fact from any other source has the URL of that source beside it.
