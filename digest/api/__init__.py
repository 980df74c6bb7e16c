"""The public JSON API: papers, what is trending, and search. It can only be read.

schemas     what is asked and what is answered, typed
operations  the questions, each one call and one answer
problems    every refusal as problem details (RFC 9457)
frame       what all answers share: who may ask how often, from which site, and what a cache may keep
description the OpenAPI document, and the page that a person reads instead
"""
