/// The members of Groq's bodies, from Groq's OpenAPI document and API reference.
enum GroqMembers {
  static let urls = [
    URLMembers(
      url: "/v1/chat/completions", checker: Check.checker, tables: bodies + objects + messages + parts + tools),
    URLMembers(
      url: "/v1/audio/transcriptions", checker: Check.checker,
      tables: [audio(more: "\ntimestamp_granularities  [word|segment]  null")]),
    URLMembers(url: "/v1/audio/translations", checker: Check.checker, tables: [audio(more: "")]),
  ]

  private static func audio(more: String) -> MemberTable {
    MemberTable(
      // The guide and the SDK differ about these urls.
      "body", others: .warned, always: .warning(.doubtfulValue, "url"),
      rows: """
        model            string                  *  ="whisper-large-v3"
        url              string                  *  ="https://example.org/a.wav"
        language         string                  null  ="en"
        prompt           string                  null
        response_format  json|text|verbose_json  null
        temperature      number:0..1             null
        """ + more)
  }

  private static let bodies = [
    MemberTable(
      "body", others: .refused,
      rows: """
        model                  string                *  ="openai/gpt-oss-20b"
        messages               [object]:1..          *  =[{"role":"user","content":"Hi"}]
        citation_options       enabled|disabled      null
        disable_tool_validation boolean
        documents              [object]              null  =[]
        exclude_domains        [string]              null  ~deprecated_parameter
        frequency_penalty      number:-2..2          null  =1 =-2 =2  ~ignored_parameter
        functions              [object]:..128        null  =[{"name":"f"}] =[]  ~deprecated_parameter
        include_domains        [string]              null  ~deprecated_parameter
        include_reasoning      boolean               null
        max_completion_tokens  integer:1..           null  =1 =65536  !integer_above_max_value=65537
        metadata               object                null  ~ignored_parameter
        n                      integer:1..1          null
        parallel_tool_calls    boolean               null
        presence_penalty       number:-2..2          null  =1 =-2 =2  ~ignored_parameter
        reasoning_effort       string                null  ="low" ="medium" ="high"  !"none-such"
        response_format        object                null  ={"type":"text"}
        search_settings        object                null
        seed                   integer               null  =1 =-1
        service_tier           auto|on_demand|flex|performance  null
        stop                   string/[string]:..4   null  ="x" ="" =["x"] =["a","b","c","d"] =[]
        store                  boolean               null  ~ignored_parameter
        stream                 boolean               null  =false  !streaming_unsupported=true
        temperature            number:0..2           null
        tools                  [object]:..128        null  =[{"type":"function","function":{"name":"f"}}] =[]
        top_p                  number:0..1           null
        user                   string                null  ="x" =""
        """),
    MemberTable(
      "body", others: .refused,
      rows: """
        model        string        *  ="openai/gpt-oss-20b"
        messages     [object]:1..  *  =[{"role":"user","content":"Hi"}]
        max_tokens   integer:1..   null  =1 =65536  !integer_above_max_value=65537  ~deprecated_parameter
        tools        [object]      + #   =[{"type":"function","function":{"name":"f"}}]
        tool_choice  none|auto|required/object  ="none" ="auto" ="required" ={"type":"function","function":{"name":"f"}}
        """),
    MemberTable(
      "body", others: .refused,
      rows: """
        model             string              *  ="openai/gpt-oss-20b"
        messages          [object]:1..        *  =[{"role":"user","content":"Hi"}]
        reasoning_format  hidden|raw|parsed   null  ~doubtful_value
        function_call     none|auto|required/object  null
          ="none" ="auto" ="required" ={"name":"f"}  ~deprecated_parameter
        """),
    MemberTable(
      "body", others: .refused,
      rows: """
        model            string        *  ="groq/compound"
        messages         [object]:1..  *  =[{"role":"user","content":"Hi"}]
        compound_custom  object        null
        """),
    MemberTable(
      "body", others: .refused, always: .warning(.ignoredParameter, "body.stream_options"),
      .warning(.doubtfulValue, "body.stream_options"),
      rows: """
        model           string        *  ="openai/gpt-oss-20b"
        messages        [object]:1..  *  =[{"role":"user","content":"Hi"}]
        stream_options  object        + #
        """),
    MemberTable(
      "body", others: .refused,
      rows: """
        model         string        *  ="openai/gpt-oss-20b"
        messages      [object]:1..  *  =[{"role":"user","content":"Hi"}]
        logit_bias    object        null  -  !invalid_request={"1234":1}  ?ignored_parameter={}
        logprobs      boolean       null  -  !invalid_request=true  ?ignored_parameter=false
        top_logprobs  number        null  -  !invalid_request=5
        """),
  ]

  private static let objects = [
    MemberTable(
      "body.compound_custom", in: compound("…"), others: .warned,
      rows: """
        models  object  null
        tools   object  null
        """),
    MemberTable(
      "body.compound_custom.models", in: compound(#"{"models":…}"#), others: .warned,
      rows: """
        reasoning_model  string  null
        answering_model  string  null
        """),
    MemberTable(
      "body.compound_custom.tools", in: compound(#"{"tools":…}"#), others: .warned,
      rows: """
        enabled_tools     [string]  null
        wolfram_settings  object    null
        """),
    MemberTable(
      "body.compound_custom.tools.wolfram_settings", in: compound(#"{"tools":{"wolfram_settings":…}}"#),
      others: .warned, rows: #"authorization  string  null  -  ?exposed_secret="x""#),
    MemberTable(
      "body.documents[0]", in: Body.with(#""documents":[…]"#), others: .refused,
      rows: """
        id      string  null
        source  object  *  ={"type":"text","text":"x"} ={"type":"json","data":{}}
        """),
    MemberTable(
      "body.documents[0].source", in: Body.with(#""documents":[{"source":…}]"#), others: .refused,
      rows: """
        type  text    * #
        text  string  *
        """),
    MemberTable(
      "body.documents[0].source", in: Body.with(#""documents":[{"source":…}]"#), others: .refused,
      rows: """
        type  json    * #
        data  object  *
        """),
    MemberTable(
      "body.functions[0]", in: Body.with(#""functions":[…]"#), others: .warned,
      always: .warning(.deprecatedParameter, "body.functions"),
      rows: """
        name         string  *  ="f_1-A"  ?"f.1"  ?""
        description  string
        parameters   object
        """),
    MemberTable(
      "body.function_call", in: Body.with(#""function_call":…"#), others: .warned,
      always: .warning(.deprecatedParameter, "body.function_call"), rows: "name  string  *"),
    MemberTable(
      "body.logit_bias", in: Body.with(#""logit_bias":…"#), others: .silent,
      always: .error(.invalidRequest, "body.logit_bias"), rows: "1234  integer  + #"),
    MemberTable(
      "body.metadata", in: Body.with(#""metadata":…"#), others: .silent, unknownValue: #""x""#,
      always: .warning(.ignoredParameter, "body.metadata"), rows: "key  string"),
    MemberTable(
      "body.response_format", in: Body.with(#""response_format":…"#), others: .warned,
      rows: """
        type         text    * #
        json_schema  object  ={"name":"a","schema":{}}  ~ignored_parameter
        """),
    MemberTable(
      "body.response_format",
      in: Body.with(#""response_format":…"#, messages: #"{"role":"user","content":"json"}"#), others: .warned,
      rows: """
        type         json_object  * #
        json_schema  object       ={"name":"a","schema":{}}  ~ignored_parameter
        """),
    MemberTable(
      "body.response_format", in: Body.with(#""response_format":…"#), others: .warned,
      rows: """
        type         json_schema  * #
        json_schema  object       *  ={"name":"a","schema":{}}
        """),
    MemberTable(
      "body.response_format.json_schema",
      in: Body.with(#""response_format":{"type":"json_schema","json_schema":…}"#), others: .warned,
      rows: """
        name         string   *  ="answer_1-A"  ?"an.answer"  ?""
        schema       object   + #
        description  string
        strict       boolean  null  =false
        """),
    MemberTable(
      "body.search_settings", in: Body.with(#""search_settings":…"#), others: .warned,
      rows: """
        include_domains  [string]  null
        exclude_domains  [string]  null
        include_images   boolean   null
        country          string    null
        """),
    MemberTable(
      "body.stream_options", in: Body.with(#""stream_options":…"#), others: .warned,
      always: .warning(.ignoredParameter, "body.stream_options"), .warning(.doubtfulValue, "body.stream_options"),
      rows: "include_usage  boolean  null"),
  ]

  private static func compound(_ custom: String) -> String {
    Body.with(#""compound_custom":\#(custom)"#, model: "groq/compound")
  }

  // MARK: Messages

  private static let messages =
    ["system", "developer"].map { role in
      message(
        """
        role     \(role)               * #
        content  string/[object]:1..   *  ="Hi" ="" =[{"type":"text","text":"Hi"}]
        name     string                ~ignored_parameter
        """)
    } + [
      message(
        """
        role     user                  * #
        content  string/[object]:1..   *  ="Hi" ="" =[{"type":"text","text":"Hi"}]
        name     string                ~ignored_parameter
        """),
      message(
        """
        role           assistant         * #
        content        string/[object]   + #  ="Hi" ="" =[{"type":"text","text":"Hi"}]  ?[]
        name           string            ~ignored_parameter
        tool_calls     [object]          =[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]  ?[]
        function_call  object            ={"name":"f","arguments":"{}"}  ~deprecated_parameter
        reasoning      string            null
        """),
      message(
        """
        role       assistant         * #
        tool_calls [object]          + #  =[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]
        content    string/[object]   null  ="Hi" ="" =[{"type":"text","text":"Hi"}]  ?[]
        """),
      MemberTable(
        "body.messages[1]",
        in: Body.messages(calledBefore + "…"), others: .refused,
        rows: """
          role          tool                 * #
          content       string/[object]:1..  *  ="x" =[{"type":"text","text":"Hi"}]
          tool_call_id  string               * #  ="c"
          name          string               ~ignored_parameter
          """),
      MemberTable(
        "body.messages[0]", in: Body.messages("…"), others: .refused,
        always: .warning(.deprecatedParameter, "body.messages[0].role"),
        rows: """
          role     function  * #
          content  string    *  null
          name     string    *
          """),
      MemberTable(
        "body.messages[0].function_call", in: Body.messages(#"{"role":"assistant","function_call":…}"#),
        others: .warned, always: .warning(.deprecatedParameter, "body.messages[0].function_call"),
        rows: """
          name       string  *
          arguments  string  *  ="{}"  ?"x"
          """),
      MemberTable(
        "body.messages[0].tool_calls[0]", in: Body.messages(#"{"role":"assistant","tool_calls":[…]}"#),
        others: .warned,
        rows: """
          id        string    *
          type      function  *
          function  object    *  ={"name":"f","arguments":"{}"}
          """),
      MemberTable(
        "body.messages[0].tool_calls[0].function",
        in: Body.messages(#"{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":…}]}"#),
        others: .warned,
        rows: """
          name       string  *
          arguments  string  *  ="{}"  ?"x"
          """),
    ]

  private static func message(_ rows: String) -> MemberTable {
    MemberTable("body.messages[0]", in: Body.messages("…"), others: .refused, rows: rows)
  }

  // MARK: Parts

  private static let parts =
    ["system", "developer", "user", "assistant"].map { role in
      MemberTable(
        "body.messages[0].content[0]", in: Body.messages(#"{"role":"\#(role)","content":[…]}"#), others: .warned,
        rows: """
          type  text    * #
          text  string  *  ="x" =""
          """)
    }
    + [
      (path: "body.messages[0].content[0]", message: #"{"role":"user","content":[…]}"#),
      ("body.messages[1].content[0]", calledBefore + #"{"role":"tool","tool_call_id":"c","content":[…]}"#),
    ].flatMap { path, message in
      [
        MemberTable(
          path, in: Body.messages(message, model: seeing), others: .warned,
          rows: """
            type       image_url  * #
            image_url  object     *  ={"url":"https://example.org/a.png"}
            """),
        MemberTable(
          "\(path).image_url",
          in: Body.messages(
            message.replacingOccurrences(of: "…", with: #"{"type":"image_url","image_url":…}"#), model: seeing),
          others: .warned,
          rows: """
            url     string         *  ="https://example.org/a.png"  ="data:image/png;base64,AAAA"
            detail  auto|low|high
            """),
        MemberTable(
          path, in: Body.messages(message), others: .warned,
          rows: """
            type      document  * #
            document  object    *  ={"data":{}}
            """),
        MemberTable(
          "\(path).document",
          in: Body.messages(message.replacingOccurrences(of: "…", with: #"{"type":"document","document":…}"#)),
          others: .warned,
          rows: """
            data  object  *
            id    string  null
            """),
      ]
    }

  private static let seeing = "qwen/qwen3.6-27b"
  private static let calledBefore =
    #"{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},"#

  // MARK: Tools

  private static let tools = [
    MemberTable(
      "body.tools[0]", in: Body.with(#""tools":[…]"#), others: .warned,
      rows: """
        type      function  * #
        function  object    *  ={"name":"f"}
        """),
    MemberTable(
      "body.tools[0].function", in: Body.with(#""tools":[{"type":"function","function":…}]"#), others: .warned,
      rows: """
        name         string   *  ="f_1-A"  ?"f.1"  ?""
        description  string
        parameters   object
        strict       boolean  =false
        """),
    MemberTable(
      "body.tool_choice",
      in: Body.with(#""tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":…"#), others: .warned,
      rows: """
        type      function  *
        function  object    *  ={"name":"f"}
        """),
    MemberTable(
      "body.tool_choice.function",
      in: Body.with(
        #""tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":{"type":"function","function":…}"#),
      others: .warned, rows: #"name  string  *  ="f"  !invalid_request="g""#),
  ]
}
