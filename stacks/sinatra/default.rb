# frozen_string_literal: true

# The login as Sinatra's README shows it, with the gem bcrypt.
require 'sinatra'
require 'json'
require 'bcrypt'
require 'securerandom'
require 'time'

set :bind, '127.0.0.1'
set :port, ENV.fetch('PORT')

USERS = JSON.parse(File.read(ENV.fetch('ACCOUNTS')))
USERS.each { |one| one['hash'] = BCrypt::Password.create(one['password'], cost: 4) }

def answer(code, message, body = nil)
  content_type :json
  header = { response_code: '1001A', result_code: code, result_msg: message, session_id: '' }
  { header: header, body: body }.to_json
end

post '/api/:company_id/login' do
  sent = JSON.parse(request.body.read)['body']
  user = USERS.find { |one| one['company'] == params[:company_id] && one['email'] == sent['memb_email'] }
  if user.nil? || user['hash'] != sent['memb_pwd']
    answer('10', '로그인 정보가 정확하지 않습니다.')
  elsif user['blocked']
    answer('95', 'API를 호출할 수 없는 회사입니다. 관리자에게 문의해주세요.')
  else
    answer('00', '성공적으로 로그인되었습니다.',
           access_token: SecureRandom.hex(32), comp_id: user['company'], device_id: 'web',
           expire_date: (Time.now + (30 * 86_400)).iso8601, memb_email: user['email'])
  end
end
