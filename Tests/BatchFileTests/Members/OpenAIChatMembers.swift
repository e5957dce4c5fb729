/// The members of a `/v1/chat/completions` body at OpenAI.
enum OpenAIChatMembers {
  static let url = URLMembers(
    url: "/v1/chat/completions", checker: OpenAIBodies.checker,
    tables: bodies + outputs + messages + parts + calls + tools + choices)

  private static let bodies =
    [
      MemberTable(
        "body", others: .refused,
        rows: """
          model                   string              *invalid_request  ="gpt-4.1-mini"  !invalid_request=""
          messages                [object]:1..        *invalid_request  =[{"role":"user","content":"Hi"}]
          audio                   object              null  ={"voice":"alloy","format":"wav"}
          frequency_penalty       number:-2..2        null
          functions               [object]:1..128     null  =[{"name":"f"}]  ~deprecated_parameter
          logit_bias              object              null
          logprobs                boolean             null
          max_completion_tokens   integer:1..         null  =1 =32768  !integer_above_max_value=32769
          metadata                object              null
          modalities              [text|audio]        null  =["text"]
          moderation              object              null  ={"model":"omni-moderation-latest"}
          n                       integer:1..128      null
          prediction              object              null  ={"type":"content","content":"x"}
          presence_penalty        number:-2..2        null
          prompt_cache_key        string:..64         null
          prompt_cache_options    object              null  ~doubtful_value
          prompt_cache_retention  in_memory|24h       null  ~deprecated_parameter
          response_format         object              null  ={"type":"text"}
          safety_identifier       string              null
          seed                    integer             null  =9223372036854775807 =-9223372036854775808
            !integer_above_max_value=10000000000000000000 !integer_below_min_value=-10000000000000000000
          service_tier            auto|default|flex|priority|fast  null  ?"scale"
          stop                    string/[string]:..4 null  ="x" =["x"] =["a","b","c","d"]  ?[]
          store                   boolean             null
          stream                  boolean             null  =false  !streaming_unsupported=true
          stream_options          object              null
          temperature             number:0..2         null
          tools                   [object]:1..128     null  =[{"type":"function","function":{"name":"f"}}]
          top_p                   number:0..1         null
          user                    string              null
          verbosity               medium              null
          web_search_options      object              null  ~doubtful_value
          """),
      MemberTable(
        "body", others: .refused,
        rows: """
          model        string            *invalid_request  ="gpt-4.1-mini"
          messages     [object]:1..      *invalid_request  =[{"role":"user","content":"Hi"}]
          max_tokens   integer:1..       null  =1 =32768  !integer_above_max_value=32769  ~deprecated_parameter
          tools        [object]:1..128   +  #  =[{"type":"function","function":{"name":"f"}}]
          tool_choice  none|auto|required/object  null
            ="none" ="auto" ="required" ={"type":"function","function":{"name":"f"}}
          parallel_tool_calls  boolean    null
          """),
      MemberTable(
        "body", others: .refused,
        rows: """
          model         string            *invalid_request  ="gpt-4.1-mini"
          messages      [object]:1..      *invalid_request  =[{"role":"user","content":"Hi"}]
          logprobs      boolean           + #  =true
          top_logprobs  integer:0..20     null
          """),
      MemberTable(
        "body", others: .refused,
        rows: """
          model          string            *invalid_request  ="gpt-4.1-mini"
          messages       [object]:1..      *invalid_request  =[{"role":"user","content":"Hi"}]
          functions      [object]:1..128   +  #  =[{"name":"f"}]  ~deprecated_parameter
          function_call  none|auto/object  null  ="none" ="auto" ={"name":"f"}  ~deprecated_parameter
          """),
      MemberTable(
        "body", others: .refused,
        rows: """
          model             string        *invalid_request  ="gpt-5.2"
          messages          [object]:1..  *invalid_request  =[{"role":"user","content":"Hi"}]
          reasoning_effort  none|low|medium|high|xhigh  null
          verbosity         low|medium|high  null
          """),
      MemberTable(
        "body.logit_bias", in: body(#""logit_bias":…"#), others: .silent, unknownName: "1",
        rows: "1234  integer:-100..100"),
      MemberTable(
        "body.metadata", in: body(#""store":true,"metadata":…"#), others: .silent, unknownValue: #""x""#,
        rows: "key  string:..512"),
      MemberTable(
        "body.audio", in: body(#""audio":…"#), others: .warned,
        rows: """
          voice   string/object                  *  ="alloy"  ={"id":"v"}
          format  wav|aac|mp3|flac|opus|pcm16    *
          """),
      MemberTable(
        "body.audio.voice", in: body(#""audio":{"format":"wav","voice":…}"#), others: .warned, rows: "id  string  *"),
      MemberTable(
        "body.function_call", in: body(#""functions":[{"name":"f"}],"function_call":…"#), others: .warned,
        always: .warning(.deprecatedParameter, "body.functions"), .warning(.deprecatedParameter, "body.function_call"),
        rows: #"name  string  *  ="f""#),
      MemberTable(
        "body.functions[0]", in: body(#""functions":[…]"#), others: .warned,
        always: .warning(.deprecatedParameter, "body.functions"),
        rows: """
          name         string:1..64  *  ="f_1-A"  !"f.1"
          description  string
          parameters   object
          """),
      MemberTable(
        "body.prediction", in: body(#""prediction":…"#), others: .warned,
        rows: """
          type     content           *
          content  string/[object]:1..  *  ="x" =[{"type":"text","text":"x"}]
          """),
      MemberTable(
        "body.prediction.content[0]", in: body(#""prediction":{"type":"content","content":[…]}"#), others: .warned,
        rows: """
          type                     text    *
          text                     string  *
          prompt_cache_breakpoint  object  null  ={"mode":"explicit"}
          """),
      MemberTable(
        "body.prediction.content[0].prompt_cache_breakpoint",
        in: body(
          #""prediction":{"type":"content","content":[{"type":"text","text":"x","prompt_cache_breakpoint":…}]}"#),
        others: .warned, rows: "mode  explicit  *"),
      MemberTable(
        "body.prompt_cache_options", in: body(#""prompt_cache_options":…"#, model: "gpt-5.6"), others: .refused,
        rows: """
          mode  implicit|explicit
          ttl   string  ="30m"  ?"1h"
          """),
      MemberTable(
        "body.stream_options", in: body(#""stream_options":…"#), others: .refused,
        always: .error(.invalidRequest, "body.stream_options"),
        rows: """
          include_usage        boolean  + #
          include_obfuscation  boolean  + #
          """),
      MemberTable(
        "body.web_search_options", in: body(#""web_search_options":…"#), others: .warned,
        always: .warning(.doubtfulValue, "body.web_search_options"),
        rows: """
          search_context_size  low|medium|high
          user_location        object  null  ={"type":"approximate","approximate":{}}
          """),
      MemberTable(
        "body.web_search_options.user_location", in: body(#""web_search_options":{"user_location":…}"#),
        others: .warned,
        always: .warning(.doubtfulValue, "body.web_search_options"),
        rows: """
          type         approximate  *
          approximate  object       *
          """),
      MemberTable(
        "body.web_search_options.user_location.approximate",
        in: body(#""web_search_options":{"user_location":{"type":"approximate","approximate":…}}"#), others: .warned,
        always: .warning(.doubtfulValue, "body.web_search_options"),
        rows: """
          city      string
          country   string
          region    string
          timezone  string
          """),
    ] + OpenAIOtherMembers.moderation { body(#""moderation":\#($0)"#) }

  private static let outputs = [
    MemberTable("body.response_format", in: format("…"), others: .refused, rows: "type  text  *"),
    MemberTable("body.response_format", in: format("…", asks: "json"), others: .refused, rows: "type  json_object  *"),
    MemberTable(
      "body.response_format", in: format("…"), others: .refused,
      rows: """
        type         json_schema  * #
        json_schema  object       *  ={"name":"a","schema":{"type":"object"}}
        """),
    MemberTable(
      "body.response_format.json_schema", in: format(#"{"type":"json_schema","json_schema":…}"#), others: .warned,
      rows: """
        name         string:1..64  *  ="answer_1-A"  !"an.answer"
        schema       object        +  #  ={"type":"object"}
        description  string
        strict       boolean       null  =false
        """),
  ]

  // MARK: Messages

  private static let messages =
    ["developer", "system"].map { role in
      message(
        """
        role           \(role)          * #
        content        string/[object]  *  ="Hi"  =[{"type":"text","text":"Hi"}]  ?[]
        name           string           ="a_1-A"  !"a<b"  ?"a.b"  ?""
        refusal        any              ~ignored_parameter
        audio          any              ~ignored_parameter
        tool_calls     any              ~ignored_parameter
        function_call  any              ~ignored_parameter
        tool_call_id   any              ~ignored_parameter
        """)
    } + [
      message(
        """
        role           user             * #
        content        string/[object]  *  ="Hi"  =[{"type":"text","text":"Hi"}]  ?[]
        name           string           ="a_1-A"  !"a<b"  ?"a.b"  ?""
        refusal        any              ~ignored_parameter
        audio          any              ~ignored_parameter
        tool_calls     any              ~ignored_parameter
        function_call  any              ~ignored_parameter
        tool_call_id   any              ~ignored_parameter
        """),
      message(
        """
        role           assistant        * #
        content        string/[object]  + #  ="Hi"  =[{"type":"text","text":"Hi"}]  ?[]
        name           string           ="a_1-A"  !"a<b"  ?"a.b"  ?""
        refusal        string           null
        audio          object           null  ={"id":"a"}
        function_call  object           null  ={"name":"f","arguments":"{}"}  ~deprecated_parameter
        tool_call_id   any              ~ignored_parameter
        annotations    any
        parsed         any              ~ignored_parameter
        """),
      message(
        """
        role        assistant    * #
        tool_calls  [object]:1.. + #  =[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]
        content     string/[object]  null  ="Hi"  =[{"type":"text","text":"Hi"}]  ?[]
        """, after: #",{"role":"tool","tool_call_id":"c","content":"x"}"#),
      MemberTable(
        "body.messages[1]",
        in: OpenAIBodies.chat(
          "",
          messages: #"{"role":"assistant","tool_calls":[{"id":"c","type":"function","#
            + #""function":{"name":"f","arguments":"{}"}}]},…"#), others: .refused,
        rows: """
          role           tool             * #
          content        string/[object]  *  ="Hi"  =[{"type":"text","text":"Hi"}]  ?[]
          tool_call_id   string           * #  ="c"
          name           any              ~ignored_parameter
          refusal        any              ~ignored_parameter
          audio          any              ~ignored_parameter
          tool_calls     any              ~ignored_parameter
          function_call  any              ~ignored_parameter
          """),
      MemberTable(
        "body.messages[0]", in: OpenAIBodies.chat("", messages: "…"), others: .refused,
        always: .warning(.deprecatedParameter, "body.messages[0].role"),
        rows: """
          role           function      * #
          content        string        null?  *
          name           string        *  ="a_1-A"  !"a<b"  ?"a.b"  ?""
          refusal        any           ~ignored_parameter
          audio          any           ~ignored_parameter
          tool_calls     any           ~ignored_parameter
          function_call  any           ~ignored_parameter
          tool_call_id   any           ~ignored_parameter
          """),
      MemberTable(
        "body.messages[0].audio", in: OpenAIBodies.chat("", messages: #"{"role":"assistant","audio":…}"#),
        others: .warned, rows: "id  string  *"),
      MemberTable(
        "body.messages[0].function_call",
        in: OpenAIBodies.chat("", messages: #"{"role":"assistant","function_call":…}"#), others: .warned,
        always: .warning(.deprecatedParameter, "body.messages[0].function_call"),
        rows: """
          name       string:1..64  *  ="f_1-A"  !"f.1"
          arguments  string        *  ="{}"
          """),
    ]

  private static func message(_ rows: String, after: String = "") -> MemberTable {
    MemberTable("body.messages[0]", in: OpenAIBodies.chat("", messages: "…\(after)"), others: .refused, rows: rows)
  }

  // MARK: Parts

  private static let parts =
    [("developer", ""), ("system", ""), ("user", ""), ("assistant", "")].map { role, more in
      part(
        role,
        """
        type                     text    * #
        text                     string  *
        prompt_cache_breakpoint  object  null  ={"mode":"explicit"}
        """)
    } + [
      part(
        "assistant",
        """
        type                     refusal  * #
        refusal                  string   *
        prompt_cache_breakpoint  object   null  ={"mode":"explicit"}
        """),
      part(
        "user",
        """
        type                     image_url  * #
        image_url                object     *  ={"url":"https://example.org/a.png"}
        prompt_cache_breakpoint  object     null  ={"mode":"explicit"}
        """),
      part(
        "user",
        """
        type                     input_audio  * #
        input_audio              object       *  ={"data":"AAAA","format":"wav"}
        prompt_cache_breakpoint  object       null  ={"mode":"explicit"}
        """, model: "gpt-audio"),
      part(
        "user",
        """
        type                     file    * #
        file                     object  *  ={"file_id":"f"}
        prompt_cache_breakpoint  object  null  ={"mode":"explicit"}
        """),
      inPart(
        #"{"type":"text","text":"x","prompt_cache_breakpoint":…}"#, "prompt_cache_breakpoint",
        "mode  explicit  *"),
      inPart(
        #"{"type":"image_url","image_url":…}"#, "image_url",
        """
        url     string         *  ="https://example.org/a.png"  ="data:image/png;base64,AAAA"  !"a.png"
        detail  auto|low|high
        """),
      inPart(
        #"{"type":"input_audio","input_audio":…}"#, "input_audio",
        """
        data    string   *
        format  wav|mp3  *
        """, model: "gpt-audio"),
      inPart(
        #"{"type":"file","file":…}"#, "file",
        """
        file_id    string  + #
        file_data  string
        filename   string
        """, others: .refused),
    ]

  private static func part(_ role: String, _ rows: String, model: String = OpenAIBodies.chat) -> MemberTable {
    MemberTable(
      "body.messages[0].content[0]",
      in: OpenAIBodies.chat("", model: model, messages: #"{"role":"\#(role)","content":[…]}"#), others: .warned,
      rows: rows)
  }

  private static func inPart(
    _ part: String, _ member: String, _ rows: String, model: String = OpenAIBodies.chat,
    others: MemberTable.Others = .warned
  ) -> MemberTable {
    MemberTable(
      "body.messages[0].content[0].\(member)",
      in: OpenAIBodies.chat("", model: model, messages: #"{"role":"user","content":[\#(part)]}"#), others: others,
      rows: rows)
  }

  // MARK: Calls

  private static let calls = [
    call(
      "", "…",
      """
      id        string    * #  ="c"  ?"ccccccccccccccccccccccccccccccccccccccccc"
      type      function  * #
      function  object    *  ={"name":"f","arguments":"{}"}
      """),
    call(
      "", "…",
      """
      id      string  * #  ="c"  ?"ccccccccccccccccccccccccccccccccccccccccc"
      type    custom  * #
      custom  object  *  ={"name":"f","input":"x"}
      """),
    call(
      ".function", #"{"id":"c","type":"function","function":…}"#,
      """
      name       string:1..64  *  ="f_1-A"  !"f.1"
      arguments  string        *  ="{}"
      """),
    call(
      ".custom", #"{"id":"c","type":"custom","custom":…}"#,
      """
      name   string:1..64  *  ="f_1-A"  !"f.1"
      input  string        *
      """),
  ]

  private static func call(_ path: String, _ call: String, _ rows: String) -> MemberTable {
    MemberTable(
      "body.messages[0].tool_calls[0]\(path)",
      in: OpenAIBodies.chat(
        "",
        messages: #"{"role":"assistant","tool_calls":[\#(call)]},{"role":"tool","tool_call_id":"c","content":"x"}"#),
      others: .warned, rows: rows)
  }

  // MARK: Tools

  private static let tools = [
    tool(
      "", "…",
      """
      type      function  * #
      function  object    *  ={"name":"f"}
      """),
    tool(
      "", "…",
      """
      type    custom  * #
      custom  object  *  ={"name":"f"}
      """),
    tool(
      ".function", #"{"type":"function","function":…}"#,
      """
      name         string:1..64  *  ="f_1-A"  !"f.1"
      description  string
      parameters   object   ={"type":"object","properties":{}}  ?{}
      strict       boolean  null  =false
      """),
    tool(
      ".custom", #"{"type":"custom","custom":…}"#,
      """
      name         string:1..64  *  ="f_1-A"  !"f.1"
      description  string
      format       object  ={"type":"text"}
      """),
    tool(".custom.format", #"{"type":"custom","custom":{"name":"f","format":…}}"#, "type  text  *"),
    tool(
      ".custom.format", #"{"type":"custom","custom":{"name":"f","format":…}}"#,
      """
      type     grammar  * #
      grammar  object   *  ={"definition":"x","syntax":"lark"}
      """),
    tool(
      ".custom.format.grammar", #"{"type":"custom","custom":{"name":"f","format":{"type":"grammar","grammar":…}}}"#,
      """
      definition  string      *
      syntax      lark|regex  *
      """),
  ]

  private static func tool(_ path: String, _ tool: String, _ rows: String) -> MemberTable {
    MemberTable("body.tools[0]\(path)", in: body(#""tools":[\#(tool)]"#), others: .warned, rows: rows)
  }

  private static let choices = [
    choice(
      "", "…",
      """
      type      function  * #
      function  object    *  ={"name":"f"}
      """),
    choice(
      "", "…",
      """
      type    custom  * #
      custom  object  *  ={"name":"g"}
      """),
    choice(
      "", "…",
      """
      type           allowed_tools  * #
      allowed_tools  object         *  ={"mode":"auto","tools":[]}
      """),
    choice(
      ".function", #"{"type":"function","function":…}"#,
      #"name  string  *  ="f"  !invalid_request="h""#),
    choice(
      ".custom", #"{"type":"custom","custom":…}"#,
      #"name  string  *  ="g"  !invalid_request="h""#),
    choice(
      ".allowed_tools", #"{"type":"allowed_tools","allowed_tools":…}"#,
      """
      mode   auto|required  *
      tools  [object]       *
      """),
  ]

  private static func choice(_ path: String, _ choice: String, _ rows: String) -> MemberTable {
    MemberTable(
      "body.tool_choice\(path)",
      in: body(
        #""tools":[{"type":"function","function":{"name":"f"}},{"type":"custom","custom":{"name":"g"}}],"#
          + #""tool_choice":\#(choice)"#), others: .warned, rows: rows)
  }

  // MARK: Bodies

  private static func body(_ members: String, model: String = OpenAIBodies.chat) -> String {
    OpenAIBodies.chat(members, model: model)
  }

  private static func format(_ format: String, asks text: String = "Hi") -> String {
    OpenAIBodies.chat(#""response_format":\#(format)"#, messages: #"{"role":"user","content":"\#(text)"}"#)
  }
}
