"""A second opinion, by a language model, on contradictions that a person is to look at.

`heard` keeps what was asked before the answers, `masks` hides whom it was about, `prompts` says what is sent, `replies`
reads what comes back, `cache` keeps it, `endpoint` is the network, `review` puts it beside the findings. It removes no
finding and makes none graver.
"""
