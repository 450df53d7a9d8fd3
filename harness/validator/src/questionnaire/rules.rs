//! The rules of questionnaires and of the answers to them: codes, meanings, messages, cures. Not the checking.
//!
//! Sections are of FHIR R4, <https://hl7.org/fhir/R4/>; those of STU3 say the same unless a rule says otherwise.

use crate::rules::family;
use plumbline_fhir::validate::Severity::{Error, Information, Warning};

// In the order of the codes: name, severity, code, meaning, message, fix.
family! {
    /// questionnaireresponse.html, item.answer.value[x]: must match the type of the question.
    /// datatype limits: extension-mimetype.html.
    ANSWER_MEDIA_TYPE Error "FHIR-QUESTIONNAIRE-ANSWER-MEDIA-TYPE"
        "An attachment has one of the media types that the question allows (extension mimeType)."
        "the attachment has none of the media types that the question {} allows"
        "Attach a file of an allowed type, and say its type in contentType."
    /// extension-maxsize.html.
    ANSWER_SIZE Error "FHIR-QUESTIONNAIRE-ANSWER-SIZE"
        "An attachment is no larger than the question allows (extension maxSize)."
        "the attachment is larger than the question {} allows"
        "Attach a smaller file."
    /// questionnaireresponse.html, item.answer.value[x].
    ANSWER_TYPE Error "FHIR-QUESTIONNAIRE-ANSWER-TYPE"
        "An answer has the type that its question asks for."
        "the answer is a {}, but the question {} asks for {}"
        "Send the answer with the type of the question, for example valueDecimal for a decimal."
    /// questionnaire.html, item.derivedFrom.
    DERIVED_FROM_ITSELF Error "FHIR-QUESTIONNAIRE-DERIVED"
        "A questionnaire is derived from others, not from itself."
        "this questionnaire says that it is derived from itself"
        "Name the questionnaire that it was made from, or leave derivedFrom out."
    /// questionnaire.html, item.enableWhen: answers may be captured only when the condition holds.
    DISABLED Error "FHIR-QUESTIONNAIRE-DISABLED"
        "An item is answered only if the questionnaire enables it."
        "the item {} is answered, but other answers disable it"
        "Remove the item, or correct the answers that its enableWhen looks at."
    /// questionnaire.html, item.enableBehavior: must be there with more than one enableWhen (que-12 misses two). R4 only.
    ENABLE_BEHAVIOUR Error "FHIR-QUESTIONNAIRE-ENABLE-BEHAVIOR"
        "An item with more than one condition says whether all or any of them must hold."
        "the item {} has several enableWhen and no enableBehavior"
        "Add enableBehavior with all or any."
    /// questionnaire.html, item.enableWhen.operator.
    ENABLE_OPERATOR Error "FHIR-QUESTIONNAIRE-ENABLE-OPERATOR"
        "A condition uses an operator that the type of its question has: only what has an order can be greater or less."
        "the operator {} makes no sense for the question {} of type {}"
        "Use =, != or exists."
    /// questionnaire.html, item.enableWhen.answer[x]: the code is one that the question offers.
    ENABLE_OPTION Warning "FHIR-QUESTIONNAIRE-ENABLE-OPTION"
        "A condition compares with an answer that its question offers."
        "the question {} does not offer the answer that this condition looks for"
        "Use one of the answers that the question offers, with the same code system."
    /// questionnaire.html, item.enableWhen.question.
    ENABLE_QUESTION Error "FHIR-QUESTIONNAIRE-ENABLE-QUESTION"
        "The question of a condition is a question of the same questionnaire."
        "the condition looks at {}, which is no question of this questionnaire"
        "Name the linkId of a question; groups and display texts have no answers."
    /// questionnaire.html, item.enableWhen: descendants of a disabled item are disabled.
    ENABLE_SELF Error "FHIR-QUESTIONNAIRE-ENABLE-SELF"
        "An item does not depend on its own answer, or on one beneath it, which could never be given."
        "the item {} can never be enabled: its condition looks at {}, which is itself or beneath it"
        "Let the condition look at another question."
    /// questionnaire.html, item.enableWhen.answer[x].
    ENABLE_TYPE Error "FHIR-QUESTIONNAIRE-ENABLE-TYPE"
        "A condition compares with a value of the type of its question."
        "the condition compares with a {}, but the question {} asks for {}"
        "Give answer[x] the type that the question has."
    /// questionnaire.html, item.initial.value[x]: must agree with the type of the item.
    INITIAL_TYPE Error "FHIR-QUESTIONNAIRE-INITIAL-TYPE"
        "A value to begin with has the type of its question."
        "the initial value is a {}, but the question {} asks for {}"
        "Give the initial value the type that the question has."
    /// questionnaire.html, item.repeats and item.answerOption.initialSelected.
    INITIAL_MANY Error "FHIR-QUESTIONNAIRE-INITIAL-MANY"
        "A question that takes one answer has one selected to begin with, at most."
        "the question {} takes one answer, but several are selected to begin with"
        "Select one, or let the question repeat."
    /// sdc-questionnaire-minQuantity and -maxQuantity: only with units of UCUM.
    LIMIT_UNIT Warning "FHIR-QUESTIONNAIRE-LIMIT-UNIT"
        "The least and greatest quantity of a question have a code of UCUM as unit (extensions minQuantity, maxQuantity)."
        "a limit of the question {} has no unit of UCUM, so that no answer can be compared with it"
        "Give the limit a code, and http://unitsofmeasure.org as its system."
    /// extension-maxdecimalplaces.html.
    MAX_DECIMALS Error "FHIR-QUESTIONNAIRE-MAX-DECIMALS"
        "A decimal has no more places than the question allows (extension maxDecimalPlaces)."
        "the answer to {} has more decimal places than the question allows"
        "Round the answer."
    /// questionnaire.html, item.maxLength.
    MAX_LENGTH Error "FHIR-QUESTIONNAIRE-MAX-LENGTH"
        "An answer is no longer than maxLength of its question."
        "the answer to {} is longer than the question allows"
        "Shorten the answer."
    /// extension-questionnaire-maxoccurs.html.
    MAX_OCCURS Error "FHIR-QUESTIONNAIRE-MAX-OCCURS"
        "An item is answered no more often than the questionnaire allows (extension maxOccurs)."
        "the item {} is there more often than the questionnaire allows"
        "Remove some of the answers."
    /// extension-maxvalue.html.
    MAX_VALUE Error "FHIR-QUESTIONNAIRE-MAX-VALUE"
        "An answer is not above the greatest value of its question (extension maxValue)."
        "the answer to {} is above the greatest value that the question allows"
        "Correct the answer."
    /// extension-minlength.html.
    MIN_LENGTH Error "FHIR-QUESTIONNAIRE-MIN-LENGTH"
        "An answer is no shorter than its question asks for (extension minLength)."
        "the answer to {} is shorter than the question allows"
        "Give a longer answer."
    /// extension-questionnaire-minoccurs.html.
    MIN_OCCURS Error "FHIR-QUESTIONNAIRE-MIN-OCCURS"
        "An item of a completed response is answered as often as the questionnaire asks for (extension minOccurs)."
        "the item {} is there less often than the questionnaire asks for"
        "Add the missing answers."
    /// extension-minvalue.html.
    MIN_VALUE Error "FHIR-QUESTIONNAIRE-MIN-VALUE"
        "An answer is not below the least value of its question (extension minValue)."
        "the answer to {} is below the least value that the question allows"
        "Correct the answer."
    /// questionnaireresponse.html, item: questions under groups directly, items under questions within each answer.
    NESTING Error "FHIR-QUESTIONNAIRE-NESTING"
        "What is beneath a question stands within one of its answers."
        "this item stands beside the answers of {}, not within one of them"
        "Move it into the answer that it belongs to."
    /// questionnaireresponse.html, item.answer: groups and display texts have none.
    NO_ANSWER Error "FHIR-QUESTIONNAIRE-NO-ANSWER"
        "Only questions of a definite type have answers: groups, display texts and items of the abstract type question have none."
        "the item {} is of type {}, which has no answers"
        "Move the answers to the questions in the group, or remove them."
    /// questionnaireresponse.html, questionnaire.
    NOT_FOUND Information "FHIR-QUESTIONNAIRE-NOT-FOUND"
        "Answers can only be checked against the questionnaire that they answer."
        "the questionnaire is not known, so the answers were not checked"
        "Give the questionnaire with --package, contain it in the response, or send both in one Bundle."
    /// questionnaire.html, item.type: choice and open-choice.
    NO_OPTIONS Information "FHIR-QUESTIONNAIRE-NO-OPTIONS"
        "A question with a choice says which answers there are, in its options, by a value set, or by a definition."
        "the question {} is a choice, but offers no answers"
        "Add options or a value set."
    /// questionnaire.html, item.answerOption and item.answerValueSet.
    OPTION Error "FHIR-QUESTIONNAIRE-OPTION"
        "The answer to a question with a choice is one of those that the question offers."
        "the answer to {} is none of those that the question offers"
        "Send one of the answers that the questionnaire lists, with its code system."
    /// questionnaire.html, item.answerOption.
    OPTION_DUPLICATE Warning "FHIR-QUESTIONNAIRE-OPTION-DUPLICATE"
        "A question offers each answer once."
        "the question {} offers this answer twice"
        "Remove one of them."
    /// extension-questionnaire-optionexclusive.html.
    OPTION_EXCLUSIVE Error "FHIR-QUESTIONNAIRE-OPTION-EXCLUSIVE"
        "An answer that excludes all others stands alone (extension optionExclusive)."
        "this answer to {} excludes all others, but there are others"
        "Keep this answer alone, or remove it."
    /// questionnaire.html, item.answerOption.value[x]: must agree with the type of the item.
    OPTION_TYPE Error "FHIR-QUESTIONNAIRE-OPTION-TYPE"
        "An answer that a question offers has the type of the question."
        "the option is a {}, but the question {} asks for {}"
        "Give the options the type that the question has."
    /// questionnaire.html, item.answerValueSet.
    OPTIONS_UNKNOWN Information "FHIR-QUESTIONNAIRE-OPTIONS-UNKNOWN"
        "Whether an answer is in the value set of its question can only be checked if the value set is known."
        "the answer to {} was not looked up in the value set of the question: {}"
        "Give the value set with --package, or a terminology server with --tx."
    /// questionnaireresponse.html, questionnaire: the structure is that of the questionnaire.
    ORDER Error "FHIR-QUESTIONNAIRE-ORDER"
        "Items stand in the order of the questionnaire."
        "the item {} stands before this one in the questionnaire"
        "Put the items in the order of the questionnaire."
    /// questionnaire.html, effectivePeriod.
    PERIOD Warning "FHIR-QUESTIONNAIRE-PERIOD"
        "A response is written while its questionnaire is in use."
        "the response was written {} its questionnaire is in use"
        "Answer the version of the questionnaire that is in use, or correct the date."
    /// questionnaireresponse.html, questionnaire: items are in the groups of the questionnaire.
    PLACE Error "FHIR-QUESTIONNAIRE-PLACE"
        "An item stands where the questionnaire has it: in the same group or beneath the same question."
        "the item {} does not belong here; the questionnaire has it elsewhere"
        "Move it to where the questionnaire has it."
    /// extension-questionnaire-referenceresource.html.
    REFERENCE Error "FHIR-QUESTIONNAIRE-REFERENCE"
        "A reference points to a resource of a type that the question allows (extension referenceResource)."
        "the reference points to a {}, which the question {} does not allow"
        "Refer to a resource of a type that the question allows."
    /// extension-regex.html.
    REGEX Error "FHIR-QUESTIONNAIRE-REGEX"
        "An answer has the form that its question asks for (extension regex)."
        "the answer to {} does not have the form that the question asks for"
        "Write the answer in the form that the question asks for."
    /// codesystem-item-type.html: string is a short text, text a long one.
    ONE_LINE Warning "FHIR-QUESTIONNAIRE-ONE-LINE"
        "The answer to a question of type string is one line; several lines are for type text."
        "the answer to {} has several lines"
        "Remove the line breaks, or let the question be of type text."
    /// questionnaire.html, item.repeats.
    REPEATS Error "FHIR-QUESTIONNAIRE-REPEATS"
        "A question that does not repeat has one answer at most, and a group that does not repeat stands once."
        "the item {} does not repeat, but is there more than once"
        "Keep one, or let the item repeat in the questionnaire; several answers stand in one item."
    /// questionnaire.html, item.required, and questionnaireresponse.html, status.
    REQUIRED Error "FHIR-QUESTIONNAIRE-REQUIRED"
        "A completed response answers every question that is required and enabled."
        "the required item {} is not answered"
        "Answer it, or send the response as in-progress until it is answered."
    /// questionnaireresponse.html, subject: must be of a type that the questionnaire lists.
    SUBJECT Error "FHIR-QUESTIONNAIRE-SUBJECT"
        "The subject of a response is of a type that the questionnaire allows."
        "the subject is a {}, which the questionnaire does not allow"
        "Refer to a subject of an allowed type."
    /// questionnaireresponse.html, item.text.
    TEXT Warning "FHIR-QUESTIONNAIRE-TEXT"
        "The text of an item is the one that the questionnaire has."
        "the text of the item {} is not that of the questionnaire"
        "Copy the text from the questionnaire, or leave it out."
    /// extension-questionnaire-unitoption.html.
    UNIT Error "FHIR-QUESTIONNAIRE-UNIT"
        "A quantity has one of the units that the question offers (extensions unitOption, unitValueSet)."
        "the answer to {} has a unit that the question does not offer"
        "Use one of the units that the question offers, with its code and code system."
    /// extension-minvalue.html, extension-maxvalue.html; sdc-questionnaire-minQuantity and -maxQuantity: answers are
    /// converted by UCUM before they are compared.
    UNIT_INCOMPARABLE Error "FHIR-QUESTIONNAIRE-UNIT-INCOMPARABLE"
        "A quantity has a unit that can be compared with the least and greatest value of its question: a code of UCUM of the same kind."
        "the answer to {} has a unit that cannot be compared with the {} value of the question"
        "Use the unit of the limits, or one of the same kind."
    /// questionnaireresponse.html, item.linkId.
    UNKNOWN_LINK Error "FHIR-QUESTIONNAIRE-UNKNOWN-LINK"
        "Every item of a response is an item of the questionnaire."
        "the questionnaire has no item {}"
        "Use the linkIds of the questionnaire, of the version that was answered."
    /// questionnaire.html, item.answerValueSet: what it names must be there.
    VALUE_SET_MISSING Error "FHIR-QUESTIONNAIRE-VALUE-SET-MISSING"
        "A value set that is named with # is contained in the questionnaire."
        "the questionnaire contains no value set of this id"
        "Contain the value set, or name it by its canonical address."
}
