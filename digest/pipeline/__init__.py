"""The way of a paper, and the only writers of paper and digest rows.

source.fetch | source.parse | ingest | trending
papers that readers named | library | source.look_up | ingest
papers without a vector | (digest.encoders) encode | index | serving

a reader's word on a paper | feedback
readers who share what they like | (digest.matching) fit, judge | taste
papers without a place by taste | place | serving

readers who are due | plan | match | build | (digest.mail) render | deliver
"""
