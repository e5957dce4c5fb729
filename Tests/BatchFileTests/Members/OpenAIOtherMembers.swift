import BatchFile
import Testing

/// The members of OpenAI's bodies beside chat completions and responses.
@Suite("OpenAI: members of the other bodies")
struct OpenAIOtherMembers {
  @Test("embeddings")
  func embeddings() throws {
    try MemberTable(
      "body", others: .refused,
      rows: """
        model            string        *invalid_request  ="text-embedding-3-small"  !invalid_request=""
        input            string/[string/integer/[integer]:1..]:1..2048  *  ="x" =["x","y"] =[[1,2],[3]] =[1,2]
          !empty_string=""
        dimensions       integer:1..1536
        encoding_format  float|base64  null
        user             string
        """
    ).expect(url: "/v1/embeddings", checker: OpenAIBodies.checker)
  }

  @Test("completions")
  func completions() throws {
    try MemberTable(
      "body", others: .refused,
      rows: """
        model              string          *invalid_request  ="gpt-3.5-turbo-instruct"  !invalid_request=""
        prompt             string/[string/integer/[integer]:1..]  * null?  ="x" =["x","y"] =[[1,2],[3]] =[1,2]  ?[]
        best_of            integer:0..20   null
        echo               boolean         null
        frequency_penalty  number:-2..2    null
        logit_bias         object          null
        logprobs           integer:0..5    null
        max_tokens         integer:0..     null
        presence_penalty   number:-2..2    null
        seed               integer         null  =9223372036854775807 =-9223372036854775808
          !integer_above_max_value=10000000000000000000 !integer_below_min_value=-10000000000000000000
        stop               string/[string]:..4  null  ="x" =["x"] =["a","b","c","d"]  ?[]
        stream             boolean         null  =false  !streaming_unsupported=true
        suffix             string          null
        temperature        number:0..2     null
        top_p              number:0..1     null
        user               string          null
        """
    ).expect(url: "/v1/completions", checker: OpenAIBodies.checker)
    try MemberTable(
      "body", others: .refused,
      rows: """
        model   string           *invalid_request  ="gpt-3.5-turbo-instruct"
        prompt  string/[string/integer/[integer]:1..]  * null?  ="x"  ?[]
        n       integer:1..128   null
        """
    ).expect(url: "/v1/completions", checker: OpenAIBodies.checker)
    try MemberTable(
      "body.stream_options", in: #"{"model":"gpt-3.5-turbo-instruct","prompt":"x","stream_options":…}"#,
      others: .refused, always: .error(.invalidRequest, "body.stream_options"),
      rows: """
        include_usage        boolean  + #
        include_obfuscation  boolean  + #
        """
    ).expect(url: "/v1/completions", checker: OpenAIBodies.checker)
  }

  @Test("a bias is between -100 and 100", arguments: ["/v1/chat/completions", "/v1/completions"])
  func bias(url: String) throws {
    let template =
      url == "/v1/completions"
      ? #"{"model":"gpt-3.5-turbo-instruct","prompt":"x","logit_bias":…}"# : OpenAIBodies.chat(#""logit_bias":…"#)
    try MemberTable("body.logit_bias", in: template, others: .silent, rows: "1234  integer:-100..100")
      .expect(url: url, checker: OpenAIBodies.checker)
  }

  @Test("a pair of the metadata is a text of 512 characters", arguments: ["/v1/chat/completions", "/v1/responses"])
  func metadata(url: String) throws {
    let template =
      url == "/v1/responses"
      ? #"{"model":"gpt-4.1","input":"Hi","metadata":…}"# : OpenAIBodies.chat(#""store":true,"metadata":…"#)
    try MemberTable(
      "body.metadata", in: template, others: .silent, unknownValue: #""x""#, rows: "key  string:..512"
    ).expect(url: url, checker: OpenAIBodies.checker)
  }

  @Test("moderations")
  func moderations() throws {
    func parts(_ part: String) -> String { #"{"model":"omni-moderation-latest","input":[\#(part)]}"# }
    for table in [
      MemberTable(
        "body", others: .warned,
        rows: """
          model  string  *invalid_request  ="omni-moderation-latest" ="omni-moderation-2024-09-26"
            !invalid_request="" !"gpt-4.1"
          input  string/[string/object]  *  ="x" =["x","y"] =[{"type":"text","text":"x"}]  ?[]
          """),
      MemberTable(
        "body.input[0]", in: parts("…"), others: .warned,
        rows: """
          type  text    * #
          text  string  *
          """),
      MemberTable(
        "body.input[0]", in: parts("…"), others: .warned,
        rows: """
          type       image_url  * #
          image_url  object     *  ={"url":"https://example.org/a.png"}
          """),
      MemberTable(
        "body.input[0].image_url", in: parts(#"{"type":"image_url","image_url":…}"#), others: .warned,
        rows: #"url  string  *  ="https://example.org/a.png"  ="data:image/png;base64,AAAA"  !"a.png""#),
    ] {
      try table.expect(url: "/v1/moderations", checker: OpenAIBodies.checker)
    }
  }

  @Test("images and videos: the model", arguments: ["images/generations", "images/edits", "videos"])
  func images(path: String) throws {
    try MemberTable(
      "body", others: .silent, rows: #"model  string  *invalid_request  ="gpt-image-1"  !invalid_request="""#
    ).expect(url: "/v1/\(path)", checker: OpenAIBodies.checker)
  }
}
