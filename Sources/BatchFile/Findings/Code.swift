/// The kinds of findings.
///
/// The codes of errors are those of OpenAI's Batch API, which Groq's API follows: the example in Groq's batch guide has
/// `invalid_method`. The APIs have no warnings, so this package made the codes of warnings.
public enum Code: String, CaseIterable, Codable, Sendable {
  // The file
  case unreadableFile = "unreadable_file"
  case foreignFile = "foreign_file"
  case emptyFile = "empty_file"
  case maximumRequestsExceeded = "maximum_requests_exceeded"
  case maximumInputFileSizeExceeded = "maximum_input_file_size_exceeded"
  case maximumInputsExceeded = "maximum_inputs_exceeded"
  // The line
  case invalidJSONLine = "invalid_json_line"
  case lineTooLong = "line_too_long"
  case blankLine = "blank_line"
  case duplicateKey = "duplicate_key"
  case loneSurrogate = "lone_surrogate"
  // The envelope
  case duplicateCustomID = "duplicate_custom_id"
  case invalidMethod = "invalid_method"
  case invalidURL = "invalid_url"
  case modelNotFound = "model_not_found"
  case mismatchedModel = "mismatched_model"
  case retiredModel = "retired_model"
  // The body
  case missingRequiredParameter = "missing_required_parameter"
  case unknownParameter = "unknown_parameter"
  case invalidType = "invalid_type"
  case invalidValue = "invalid_value"
  case decimalAboveMaxValue = "decimal_above_max_value"
  case decimalBelowMinValue = "decimal_below_min_value"
  case integerAboveMaxValue = "integer_above_max_value"
  case integerBelowMinValue = "integer_below_min_value"
  case emptyArray = "empty_array"
  case arrayAboveMaxLength = "array_above_max_length"
  case emptyString = "empty_string"
  case stringAboveMaxLength = "string_above_max_length"
  case objectAboveMaxProperties = "object_above_max_properties"
  case propertyNameAboveMaxLength = "property_name_above_max_length"
  case streamingUnsupported = "streaming_unsupported"
  case invalidRequest = "invalid_request"
  case unsupportedParameter = "unsupported_parameter"
  case unsupportedValue = "unsupported_value"
  case invalidParameterCombination = "invalid_parameter_combination"
  case mutuallyExclusiveParameters = "mutually_exclusive_parameters"
  case invalidFunctionParameters = "invalid_function_parameters"
  case invalidJSONSchema = "invalid_json_schema"
  case deprecatedParameter = "deprecated_parameter"
  case ignoredParameter = "ignored_parameter"
  case doubtfulValue = "doubtful_value"
  case exposedSecret = "exposed_secret"
}
