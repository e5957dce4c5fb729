import BatchFile

/// The members of a chat completion for providers whose own rules are not known: the types and ranges that Groq's and
/// OpenAI's documents share.
enum CommonMembers {
  static let url = URLMembers(url: "/v1/chat/completions", checker: checker, tables: tables)

  private static let checker: BatchChecker = {
    var provider = Provider.groq
    provider.name = "elsewhere"
    provider.models = ["*"]
    provider.bodySchema = .common
    var checker = BatchChecker(provider: provider)
    checker.jobs = 1
    return checker
  }()

  private static let tables = [
    MemberTable(
      "body", others: .silent,
      rows: """
        model                  string             *  ="some/model"
        messages               [object]:1..       *  =[{"role":"user","content":"Hi"}]
        frequency_penalty      number:-2..2       null
        logprobs               boolean            null
        max_completion_tokens  integer:1..        null
        max_tokens             integer:1..        null
        metadata               object             null
        n                      integer:1..128     null
        parallel_tool_calls    boolean            null
        presence_penalty       number:-2..2       null
        seed                   integer            null
        stop                   string/[string]:..4  null
        store                  boolean            null
        stream                 boolean            null  =false  !streaming_unsupported=true
        temperature            number:0..2        null
        tools                  [object]:..128     null
        top_logprobs           integer:0..20      null
        top_p                  number:0..1        null
        user                   string             null
        """),
    MemberTable(
      "body.metadata", in: #"{"model":"m","messages":[{"role":"user","content":"Hi"}],"metadata":…}"#,
      others: .silent, unknownValue: #""x""#, rows: "key  string"),
    MemberTable(
      "body.messages[0]", in: #"{"model":"m","messages":[…]}"#, others: .silent,
      rows: """
        role     system|developer|user|assistant|tool|function  *
        content  string/[object]  null  ="Hi" ="" =[{"type":"text","text":"Hi"}]
        """),
    MemberTable(
      "body.messages[0].content[0]", in: #"{"model":"m","messages":[{"role":"user","content":[…]}]}"#, others: .silent,
      rows: "type  string  *"),
  ]
}
