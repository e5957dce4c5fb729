/// The members of a `/v1/responses` body.
enum OpenAIResponseMembers {
  static let url = URLMembers(
    url: "/v1/responses", checker: OpenAIBodies.checker,
    tables: bodies + items + parts + tools + choices)

  private static let bodies =
    [
      MemberTable(
        "body", others: .refused,
        rows: """
          model                   string             *invalid_request  ="gpt-4.1"  !invalid_request=""
          input                   string/[object]    *  ="Hi" =[{"role":"user","content":"Hi"}]
                                                     !empty_string="" !empty_array=[]
          access_programs         any                ~doubtful_value
          background              boolean            null  =false ?true
          background_options      any                ~doubtful_value
          client_metadata         object             null
          context_management      [object]:1..       null  =[{"type":"compaction"}]
          frequency_penalty       number:-2..2       null
          image                   any                ~doubtful_value
          include                 [file_search_call.results|web_search_call.results|web_search_call.action.sources|
            message.input_image.image_url|computer_call_output.output.image_url|code_interpreter_call.outputs|
            message.output_text.logprobs]  null
          instructions            string             null
          max_output_tokens       integer:16..       null  =16 =32768 !integer_above_max_value=32769
          max_tool_calls          integer:1..        null
          metadata                object             null
          moderation              object             null  ={"model":"omni-moderation-latest"}
          parallel_tool_calls     boolean            null
          presence_penalty        number:-2..2       null
          previous_response_id    string             null  ~doubtful_value
          prompt                  object             null  ={"id":"p"}
          prompt_cache_key        string:..64        null?
          prompt_cache_options    object             null  ~doubtful_value
          prompt_cache_retention  in_memory|24h      null  ~deprecated_parameter
          reasoning               object             null
          safety_identifier       string             null?
          service_tier            auto|default|flex|priority|fast  null  ?"scale" ?"ultrafast"
          store                   boolean            null
          stream                  boolean            null  =false  !streaming_unsupported=true
          stream_options          object             null
          temperature             number:0..2        null
          text                    object             null?
          tool_choice             none|auto|required/object  null  ="none" ="auto"  !invalid_request="required"
          tools                   [object]           null?  =[]  =[{"type":"function","name":"f"}]
          top_logprobs            integer:0..20      null
          top_p                   number:0..1        null
          truncation              auto|disabled      null  ~deprecated_parameter
          user                    string             null?
          """),
      MemberTable(
        "body", others: .refused,
        rows: """
          model         string           *invalid_request  ="gpt-4.1"
          input         string/[object]  *  ="Hi"
          conversation  string/object    null  ="c" ={"id":"c"}  ~doubtful_value
          """),
      MemberTable(
        "body", others: .refused,
        rows: """
          model    string           *invalid_request  ="gpt-5.2"
          input    string/[object]  *  ="Hi"
          include  [reasoning.encrypted_content]  null
          """),
      MemberTable(
        "body.context_management[0]", in: body(#""context_management":[…]"#), others: .warned,
        rows: """
          type               string       *
          compact_threshold  number:1000..  null
          """),
      MemberTable(
        "body.conversation", in: body(#""conversation":…"#), others: .warned,
        always: .warning(.doubtfulValue, "body.conversation"), rows: "id  string  *"),
      MemberTable(
        "body.metadata", in: body(#""metadata":…"#), others: .silent, unknownValue: #""x""#,
        rows: "key  string:..512"),
      MemberTable(
        "body.prompt", in: #"{"model":"gpt-4.1","prompt":…}"#, others: .warned,
        rows: """
          id         string  *
          version    string  null
          variables  object  null
          """),
      MemberTable(
        "body.prompt_cache_options", in: body(#""prompt_cache_options":…"#, model: "gpt-5.6"), others: .refused,
        rows: """
          mode  implicit|explicit
          ttl   string  ="30m"  ?"1h"
          """),
      MemberTable(
        "body.reasoning", in: body(#""reasoning":…"#, model: "gpt-5.2"), others: .refused,
        rows: """
          effort            none|low|medium|high|xhigh       null
          summary           auto|concise|detailed            null
          mode              string                           null  ="standard" ="pro"
          context           auto|current_turn|all_turns      null
          generate_summary  auto|concise|detailed            null  ~deprecated_parameter
          """),
      MemberTable(
        "body.stream_options", in: body(#""stream_options":…"#), others: .refused,
        always: .error(.invalidRequest, "body.stream_options"),
        rows: "include_obfuscation  boolean  + #"),
      MemberTable(
        "body.text", in: body(#""text":…"#, model: "gpt-5.2"), others: .refused,
        rows: """
          format     object           ={"type":"text"}
          verbosity  low|medium|high  null
          """),
      MemberTable(
        "body.text.format", in: body(#""text":{"format":…}"#), others: .warned, rows: "type  text  *"),
      MemberTable(
        "body.text.format", in: body(#""text":{"format":…}"#, input: "json"), others: .warned,
        rows: "type  json_object  *"),
      MemberTable(
        "body.text.format", in: body(#""text":{"format":…}"#), others: .warned,
        rows: """
          type         json_schema  * #
          name         string:1..64 *  ="answer_1-A"
          schema       object       *  ={"type":"object"}
          description  string
          strict       boolean      null  =false
          """),
    ] + OpenAIOtherMembers.moderation { body(#""moderation":\#($0)"#) }

  // MARK: Items

  private static let items =
    ["user", "assistant", "system", "developer"].map { role in
      MemberTable(
        "body.input[0]", in: input("…"), others: .refused,
        rows: """
          role     \(role)                           *missing_required_parameter #
          content  string/[object]                   *  ="Hi" =[]
          type     message
          id       string                            null  ="msg_1"  ?"x"
          status   in_progress|completed|incomplete  null
          phase    commentary|final_answer           null
          """)
    } + [
      MemberTable(
        "body.input[0]", in: input(#"…,{"type":"function_call_output","call_id":"c","output":"x"}"#), others: .warned,
        rows: """
          type       function_call                     + #
          call_id    string:1..64                      *  #  ="c"
          name       string                            *
          arguments  string                            *  ="{}"
          id         string                            null  ="fc_1"  ?"x"
          status     in_progress|completed|incomplete  null
          caller     any
          namespace  string                            null
          """),
      MemberTable(
        "body.input[0]", in: input(#"…,{"type":"custom_tool_call_output","call_id":"c","output":"x"}"#),
        others: .warned,
        rows: """
          type       custom_tool_call                  + #
          call_id    string:1..64                      *  #  ="c"
          name       string                            *
          input      string                            *
          id         string                            null
          status     in_progress|completed|incomplete  null
          caller     any
          namespace  string                            null
          """),
      MemberTable(
        "body.input[0]", in: input(#"…,{"role":"user","content":"Hi"}"#), others: .warned,
        rows: """
          type               reasoning                         + #
          id                 string                            *  ="rs_1"
          summary            [object]                          *  =[]  =[{"type":"summary_text","text":"x"}]
          content            any
          encrypted_content  string                            null
          status             in_progress|completed|incomplete  null
          """),
      MemberTable(
        "body.input[0].summary[0]",
        in: input(#"{"type":"reasoning","id":"rs_1","summary":[…]},{"role":"user","content":"Hi"}"#), others: .warned,
        rows: """
          type  summary_text  * #
          text  string        *
          """),
      MemberTable(
        "body.input[0]", in: input("…"), others: .warned,
        rows: """
          type  item_reference  + #
          id    string          *
          """),
    ]
    + [("function_call", #""arguments":"{}""#), ("custom_tool_call", #""input":"x""#)].map { type, given in
      MemberTable(
        "body.input[1]", in: input(#"{"type":"\#(type)","call_id":"c","name":"f",\#(given)},…"#), others: .warned,
        rows: """
          type       \(type)_output                    + #
          call_id    string:1..64                      +  #  null?  ="c"
          output     string/[object]                   *  ="x" =[] =[{"type":"input_text","text":"x"}]
          id         string                            null
          status     in_progress|completed|incomplete  null
          caller     any
          namespace  string                            null
          name       string                            null
          """)
    }

  // MARK: Parts

  private static let parts =
    ["user", "system", "developer"].flatMap { role in
      inputParts("body.input[0].content[0]", in: input(#"{"role":"\#(role)","content":[…]}"#))
    }
    + inputParts(
      "body.input[1].output[0]",
      in: input(
        #"{"type":"function_call","call_id":"c","name":"f","arguments":"{}"},"#
          + #"{"type":"function_call_output","call_id":"c","output":[…]}"#))
    + [
      MemberTable(
        "body.input[0].content[0]", in: input(#"{"role":"user","content":[…]}"#), others: .warned,
        rows: """
          type         input_audio  * #
          input_audio  object       *
          """),
      MemberTable(
        "body.input[0].content[0]", in: input(#"{"role":"assistant","content":[…]}"#), others: .warned,
        rows: """
          type         output_text  * #
          text         string       *
          annotations  any
          logprobs     any
          """),
      MemberTable(
        "body.input[0].content[0]", in: input(#"{"role":"assistant","content":[…]}"#), others: .warned,
        rows: """
          type     refusal  * #
          refusal  string   *
          """),
      MemberTable(
        "body.input[0].content[0].prompt_cache_breakpoint",
        in: input(#"{"role":"user","content":[{"type":"input_text","text":"x","prompt_cache_breakpoint":…}]}"#),
        others: .warned, rows: "mode  explicit  *"),
      MemberTable(
        "body.input[1].output[0].prompt_cache_breakpoint",
        in: input(
          #"{"type":"function_call","call_id":"c","name":"f","arguments":"{}"},"#
            + #"{"type":"function_call_output","call_id":"c","output":["#
            + #"{"type":"input_text","text":"x","prompt_cache_breakpoint":…}]}"#),
        others: .warned, rows: "mode  explicit  *"),
    ]

  private static func inputParts(_ path: String, in template: String) -> [MemberTable] {
    [
      """
      type                     input_text  * #
      text                     string      *
      prompt_cache_breakpoint  object      null  ={"mode":"explicit"}
      """,
      """
      type                     input_image             * #
      image_url                string                  +  #   ="https://example.org/a.png"
        ="data:image/png;base64,AAAA" !"a.png"
      file_id                  string                  null
      detail                   low|high|auto|original  null
      prompt_cache_breakpoint  object                  null  ={"mode":"explicit"}
      """,
      """
      type       input_image  * #
      file_id    string       + #
      image_url  string       null  ="https://example.org/a.png"
      """,
      """
      type                     input_file  * #
      file_id                  string      null
      file_data                string      null
      file_url                 string      null
      filename                 string      null
      detail                   string
      prompt_cache_breakpoint  object      null  ={"mode":"explicit"}
      """,
    ].map { MemberTable(path, in: template, others: .warned, rows: $0) }
  }

  // MARK: Tools

  private static let tools =
    [
      MemberTable(
        "body.tools[0]", in: tools("…"), others: .refused,
        rows: """
          type             function             * #
          name             string:1..128         *  ="f_1-A"  !"f.1"
          parameters       object               null  ={"type":"object","properties":{}}  ?{}
          strict           boolean              null  =false
          description      string               null
          output_schema    object               null
          defer_loading    boolean
          allowed_callers  [direct|programmatic]  null
          """),
      MemberTable(
        "body.tools[0]", in: tools("…"), others: .warned,
        rows: """
          type             custom               * #
          name             string:1..64         *  ="f_1-A"  !"f.1"
          description      string
          format           object               ={"type":"text"}
          defer_loading    boolean
          allowed_callers  [direct|programmatic]  null
          """),
      MemberTable(
        "body.tools[0].format", in: tools(#"{"type":"custom","name":"f","format":…}"#), others: .warned,
        rows: "type  text  *"),
      MemberTable(
        "body.tools[0].format", in: tools(#"{"type":"custom","name":"f","format":…}"#), others: .warned,
        rows: """
          type        grammar     * #
          definition  string      *
          syntax      lark|regex  *
          """),
      MemberTable(
        "body.tools[0]", in: tools("…"), others: .warned,
        rows: """
          type              file_search  * #
          vector_store_ids  [string]     *
          max_num_results   integer
          ranking_options   object
          filters           object       null  ={"type":"eq","key":"k","value":1}
          """),
      MemberTable(
        "body.tools[0]", in: tools("…"), others: .warned,
        rows: """
          type             code_interpreter       * #
          container        string/object          *  ="c" ={"type":"auto"}
          allowed_callers  [direct|programmatic]  null
          """),
      MemberTable(
        "body.tools[0].container", in: tools(#"{"type":"code_interpreter","container":…}"#), others: .warned,
        rows: """
          type            auto            *
          file_ids        [string]:0..50
          memory_limit    1g|4g|16g|64g   null
          network_policy  object
          """),
      MemberTable(
        "body.tools[0]", in: tools("…"), others: .warned,
        rows: """
          type                mcp     * #
          server_label        string  *
          server_url          string  +  #
          connector_id        string
          tunnel_id           string
          require_approval    always|never/object  null
          allowed_tools       any
          headers             any
          authorization       string  -  ?exposed_secret="x"
          server_description  string
          defer_loading       boolean
          allowed_callers     [direct|programmatic]  null
          """),
      MemberTable(
        "body.tools[0]", in: tools("…"), others: .warned,
        rows: """
          type                image_generation      * #
          quality             low|medium|high|auto
          size                string
          output_format       png|webp|jpeg
          output_compression  integer:0..100
          partial_images      integer:0..3
          background          string
          model               string
          moderation          string
          input_fidelity      string                null
          input_image_mask    object
          action              generate|edit|auto
          """),
      MemberTable(
        "body.tools[0]", in: tools("…"), others: .warned,
        rows: """
          type            computer_use_preview  * #
          environment     string                *
          display_width   integer               *
          display_height  integer               *
          """),
      MemberTable(
        "body.tools[0]", in: tools("…"), others: .warned,
        rows: """
          type         namespace     * #
          name         string        *
          description  string        *
          tools        [object]:1..  *
          """),
    ]
    + ["eq", "ne", "gt", "gte", "lt", "lte", "in", "nin"].map { type in
      filter(
        """
        type   \(type)  * #
        key    string   *
        value  any      *
        """)
    }
    + ["and", "or"].map { type in
      filter(
        """
        type     \(type)   * #
        filters  [object]  *
        """)
    }
    + ["web_search", "web_search_2025_08_26", "web_search_preview", "web_search_preview_2025_03_11"].map { type in
      MemberTable(
        "body.tools[0]", in: tools("…"), others: .silent, always: .warning(.doubtfulValue, "body.tools[0].type"),
        rows: """
          type                 \(type)          * #
          filters              object           null
          user_location        object           null
          search_context_size  low|medium|high
          """)
    }
    + [
      MemberTable(
        "body.tools[0].filters", in: tools(#"{"type":"web_search","filters":…}"#), others: .warned,
        always: .warning(.doubtfulValue, "body.tools[0].type"),
        rows: """
          allowed_domains  [string]  null
          blocked_domains  [string]  null
          """),
      MemberTable(
        "body.tools[0].user_location", in: tools(#"{"type":"web_search","user_location":…}"#), others: .warned,
        always: .warning(.doubtfulValue, "body.tools[0].type"),
        rows: """
          type      approximate
          city      string  null
          country   string  null
          region    string  null
          timezone  string  null
          """),
    ]

  private static func filter(_ rows: String) -> MemberTable {
    MemberTable(
      "body.tools[0].filters", in: tools(#"{"type":"file_search","vector_store_ids":["v"],"filters":…}"#),
      others: .warned, rows: rows)
  }

  // MARK: Choices

  private static let choices = [
    choice(
      """
      type   allowed_tools  * #
      mode   auto|required  *
      tools  [object]       *
      """),
    choice(
      """
      type  function  * #
      name  string    *  ="f"  !invalid_request="g"
      """),
    choice(
      """
      type  custom  * #
      name  string  *  ="f"  !invalid_request="g"
      """),
    choice(
      """
      type          mcp     * #
      server_label  string  *
      name          string  null
      """),
  ]

  private static func choice(_ rows: String) -> MemberTable {
    MemberTable(
      "body.tool_choice", in: body(#""tools":[{"type":"function","name":"f"}],"tool_choice":…"#), others: .warned,
      rows: rows)
  }

  // MARK: Bodies

  private static func body(_ members: String, model: String = "gpt-4.1", input: String = "Hi") -> String {
    #"{"model":"\#(model)","input":"\#(input)",\#(members)}"#
  }

  private static func input(_ items: String) -> String { #"{"model":"gpt-4.1","input":[\#(items)]}"# }
  private static func tools(_ tools: String) -> String { body(#""tools":[\#(tools)]"#) }
}
