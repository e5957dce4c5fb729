/// The members of OpenAI's bodies beside chat completions and responses.
enum OpenAIOtherMembers {
  static let urls =
    [
      URLMembers(url: "/v1/embeddings", checker: OpenAIBodies.checker, tables: [embeddings]),
      URLMembers(url: "/v1/completions", checker: OpenAIBodies.checker, tables: completions),
      URLMembers(url: "/v1/moderations", checker: OpenAIBodies.checker, tables: moderations),
    ]
    + ["images/generations", "images/edits", "videos"].map { path in
      URLMembers(
        url: "/v1/\(path)", checker: OpenAIBodies.checker,
        tables: [
          MemberTable(
            "body", others: .silent, rows: #"model  string  *invalid_request  ="gpt-image-1"  !invalid_request="""#)
        ])
    }

  /// The member `moderation` of two endpoints.
  /// - Parameter body: the body with this value of it.
  static func moderation(in body: (String) -> String) -> [MemberTable] {
    [
      MemberTable(
        "body.moderation", in: body("…"), others: .warned,
        rows: """
          model   string  *
          policy  object  null
          """),
      MemberTable(
        "body.moderation.policy", in: body(#"{"model":"m","policy":…}"#), others: .warned,
        rows: """
          input   object  null  ={"mode":"score"}
          output  object  null  ={"mode":"score"}
          """),
    ]
      + ["input", "output"].map { side in
        MemberTable(
          "body.moderation.policy.\(side)", in: body(#"{"model":"m","policy":{"\#(side)":…}}"#), others: .warned,
          rows: "mode  score|block  *")
      }
  }

  private static let embeddings = MemberTable(
    "body", others: .refused,
    rows: """
      model            string        *invalid_request  ="text-embedding-3-small"  !invalid_request=""
      input            string/[string/integer/[integer]:1..]:1..2048  *  ="x" =[1,2] =[[1,2],[3]] =["x","y"]
        !empty_string=""
      dimensions       integer:1..1536
      encoding_format  float|base64  null
      user             string
      """)

  private static let completions = [
    MemberTable(
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
        stream_options     object          null
        suffix             string          null
        temperature        number:0..2     null
        top_p              number:0..1     null
        user               string          null
        """),
    // A `best_of` below `n` is an error, so `n` has a table of its own.
    MemberTable(
      "body", others: .refused,
      rows: """
        model   string           *invalid_request  ="gpt-3.5-turbo-instruct"
        prompt  string/[string/integer/[integer]:1..]  * null?  ="x"  ?[]
        n       integer:1..128   null
        """),
    MemberTable(
      "body.logit_bias", in: completion(#""logit_bias":…"#), others: .silent, unknownName: "1",
      rows: "1234  integer:-100..100"),
    MemberTable(
      "body.stream_options", in: completion(#""stream_options":…"#), others: .refused,
      always: .error(.invalidRequest, "body.stream_options"),
      rows: """
        include_usage        boolean  + #
        include_obfuscation  boolean  + #
        """),
  ]

  private static func completion(_ members: String) -> String {
    #"{"model":"gpt-3.5-turbo-instruct","prompt":"x",\#(members)}"#
  }

  private static let moderations = [
    MemberTable(
      "body", others: .warned,
      rows: """
        model  string  *invalid_request  ="omni-moderation-latest" ="omni-moderation-2024-09-26"
          !invalid_request="" !"gpt-4.1"
        input  string/[string/object]  *  ="x" =["x","y"] =[{"type":"text","text":"x"}]  ?[]
        """),
    MemberTable(
      "body.input[0]", in: moderation("…"), others: .warned,
      rows: """
        type  text    * #
        text  string  *
        """),
    MemberTable(
      "body.input[0]", in: moderation("…"), others: .warned,
      rows: """
        type       image_url  * #
        image_url  object     *  ={"url":"https://example.org/a.png"}
        """),
    MemberTable(
      "body.input[0].image_url", in: moderation(#"{"type":"image_url","image_url":…}"#), others: .warned,
      rows: #"url  string  *  ="https://example.org/a.png"  ="data:image/png;base64,AAAA"  !"a.png""#),
  ]

  private static func moderation(_ part: String) -> String {
    #"{"model":"omni-moderation-latest","input":[\#(part)]}"#
  }
}
